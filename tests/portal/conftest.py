import pytest

from facilities.models import Officer

PASSWORD = "a-phrase-for-tests-7"


@pytest.fixture
def officer(db):
    return Officer.objects.create_user("city", password=PASSWORD, last_name="林海", role=Officer.CITY)
