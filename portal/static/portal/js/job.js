// A job's page asks how far the work has come, until it is over; who waited here gets the file at once. Without scripts
// the page loads itself again.
(function () {
  "use strict";

  let waited = false; // not on a page that is opened when all is done

  async function look() {
    const shown = document.getElementById("job");
    try {
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
      if (answer.redirected) return location.reload(); // the session has ended
      if (answer.ok) shown.outerHTML = await answer.text();
      waited = true;
    } catch {
      // no connection now: ask again
    }
    again();
  }

  function again() {
    const every = Number(document.getElementById("job").dataset.again);
    if (every) setTimeout(look, every * 1000);
    else if (waited) document.querySelector("#job a[download]")?.click();
  }

  again();
})();
