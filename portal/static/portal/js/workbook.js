// A long act goes on step by step: the form that continues it is sent by itself. Without scripts its button does.
(function () {
  "use strict";

  const next = document.querySelector("form[data-go]");
  if (next) next.requestSubmit();
})();
