// A queue of acts that save: one request at a time, in order, each sent again to the letter until the server has
// answered. The page says what to send and what to do with the answer.
(function () {
  "use strict";

  const { operation, token } = window.acts;
  const WAITS = [2, 4, 8, 15, 30]; // seconds before the next try
  const TIMEOUT = 20000;

  // address(key), body(key, parts, id): what to post of a key's parts · heard(key, parts, response, words): 2xx, 4xx ·
  // say(words, kind): how saving stands · counted(n): n acts in words
  class SaveQueue {
    constructor(page) {
      this.page = page;
      this.waiting = new Map(); // key → an act not acknowledged: its id, its parts, and what was sent
      this.later = new Map(); // key → parts edited again since its act was sent
      this.sending = false;
      this.failures = 0;
      window.addEventListener("online", () => { this.failures = 0; this.send(); });
      window.addEventListener("beforeunload", (event) => {
        if (this.failures && this.waiting.size) event.preventDefault();
      });
    }

    add(key, parts) {
      const act = this.waiting.get(key);
      if (act && act.data) {
        const more = this.later.get(key) || new Set();
        parts.forEach((part) => more.add(part));
        this.later.set(key, more);
      } else if (act) parts.forEach((part) => act.parts.add(part));
      else this.waiting.set(key, { id: operation(), parts: new Set(parts), data: null });
      if (!this.sending) this.page.say("正在保存…");
      this.send();
    }

    // Parts that have been edited since they were sent: the page keeps what stands there.
    edited(key) {
      return this.later.get(key) || new Set();
    }

    async send() {
      if (this.sending || !this.waiting.size) return;
      this.sending = true;
      const [key, act] = this.waiting.entries().next().value;
      act.data ||= this.page.body(key, act.parts, act.id);
      try {
        const response = await this.post(key, act);
        this.failures = 0;
        if (response.status >= 500 || response.status === 429) throw new Error("server");
        await this.answered(key, act, response);
      } catch (error) {
        this.failures += 1;
        this.page.say("离线，" + this.page.counted(this.waiting.size) + "未传，连上网自动传", "offline");
        setTimeout(() => this.send(), 1000 * WAITS[Math.min(this.failures, WAITS.length) - 1]);
      }
      this.sending = false;
      if (!this.failures) this.send();
    }

    post(key, act) {
      return fetch(this.page.address(key), {
        method: "POST",
        body: act.data,
        headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: true,
        signal: AbortSignal.timeout ? AbortSignal.timeout(TIMEOUT) : undefined,
      });
    }

    async answered(key, act, response) {
      const words = await response.text();
      if (response.status === 401 || response.type === "opaqueredirect") {
        this.page.say("登录已过期，" + this.page.counted(this.waiting.size) + "未传。请在新窗口登录，再回到这里", "conflict");
        this.failures = 1;
        setTimeout(() => this.send(), 5000);
        return;
      }
      this.waiting.delete(key);
      const again = this.later.get(key);
      this.page.heard(key, act.parts, response, words);
      if (again) {
        this.later.delete(key);
        this.add(key, again);
      } else if (this.waiting.size) this.page.say("正在保存…");
    }
  }

  window.SaveQueue = SaveQueue;
})();
