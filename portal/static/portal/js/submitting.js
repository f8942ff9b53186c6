/* submitting.js: a survey that is sent says what the device's clock shows; without script nothing is claimed. */
document.addEventListener("submit", (event) => {
  const claim = event.target.querySelector("[data-captured]");
  if (claim) claim.value = new Date().toISOString();
}, true);
