// A summary of errors takes the focus, so that a screen reader says it first.
(function () {
  "use strict";

  const errors = document.getElementById("errors") || document.getElementById("conflicts");
  if (errors) errors.focus();
})();
