// What every page does: saving takes the newest CSRF token, and an ended session keeps the page.
(function () {
  "use strict";

  function cookie(names) {
    for (const part of document.cookie.split("; ")) {
      const [name, value] = part.split("=");
      if (names.includes(name)) return value;
    }
    return "";
  }

  // After a log-in in another window the token of this page is old; the cookie has the new one.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = cookie(["__Host-csrf", "csrftoken"]);
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });

  document.addEventListener("htmx:responseError", (event) => {
    const ended = event.detail.xhr.status === 401 && !event.detail.xhr.getResponseHeader("HX-Redirect");
    const notice = document.getElementById("expired");
    if (ended && notice) {
      notice.hidden = false;
      notice.scrollIntoView({ block: "nearest" });
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const notice = document.getElementById("expired");
    if (event.detail.successful && notice) notice.hidden = true;
  });

  // A summary of errors takes the focus, so that a screen reader says it first.
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
