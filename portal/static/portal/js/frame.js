// A summary of errors takes the focus, so that a screen reader says it first.
(function () {
  "use strict";

  const errors = document.getElementById("errors") || document.getElementById("conflicts");
  if (errors) errors.focus();
})();

// What every page that saves needs: the id of an act, by which the server knows it again, and the token of its forms.
window.acts = {
  // crypto.randomUUID is missing on plain http, getRandomValues is not.
  operation() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  },
  token() {
    const cookie = document.cookie.match(/(?:__Host-csrf|csrftoken)=([^;]+)/);
    return cookie ? cookie[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
  },
};
