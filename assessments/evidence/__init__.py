"""佐证: photos and PDFs that show what a survey says.

``receiving`` decides by content what is taken and has it decoded and written anew in a bounded child (``images``,
``capture``, ``papers``); ``keeping`` stores it and says what it is for; ``listing`` says what a page shows, with what
``duplicates`` knows of the same file elsewhere.
"""
