// A photo made small on the device, and, where the officer consents, when and where it was taken, read beforehand:
// a canvas keeps nothing but pixels. What cannot be read here is sent as it is; the server decides.
(function () {
  "use strict";

  const LONGEST = 1600; // pixels of the long side
  const LARGEST = 400000; // bytes
  const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];
  const PHOTO = /^image\/(jpeg|png|webp)$/;

  // ── EXIF: two tables of a JPEG's first segment ──

  function segment(view) {
    if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
      if (view.getUint8(at + 1) === 0xda) return null;
    }
    return null;
  }

  // tag → { kind, count, at }; kinds: 2 text, 4 number, 5 fraction
  function table(view, start, offset, little) {
    const entries = new Map();
    const many = view.getUint16(start + offset, little);
    for (let n = 0; n < many && n < 200; n += 1) {
      const at = start + offset + 2 + 12 * n;
      const kind = view.getUint16(at + 2, little);
      const count = view.getUint32(at + 4, little);
      const size = count * (kind === 5 ? 8 : kind === 4 ? 4 : kind === 3 ? 2 : 1);
      entries.set(view.getUint16(at, little), { kind, count, at: size > 4 ? start + view.getUint32(at + 8, little) : at + 8 });
    }
    return entries;
  }

  function text(view, entry) {
    if (!entry || entry.kind !== 2 || entry.count > 40) return "";
    let said = "";
    for (let n = 0; n < entry.count - 1; n += 1) said += String.fromCharCode(view.getUint8(entry.at + n));
    return said;
  }

  function degrees(view, entry, side, little) {
    if (!entry || entry.kind !== 5 || entry.count !== 3) return "";
    const parts = [0, 1, 2].map((n) => view.getUint32(entry.at + 8 * n, little) / view.getUint32(entry.at + 8 * n + 4, little));
    const whole = parts[0] + parts[1] / 60 + parts[2] / 3600;
    return Number.isFinite(whole) ? (side === "S" || side === "W" ? -whole : whole).toFixed(6) : "";
  }

  function read(view) {
    const start = segment(view);
    if (start === null) return {};
    const little = view.getUint16(start) === 0x4949;
    const first = table(view, start, view.getUint32(start + 4, little), little);
    const link = (tag) => (first.has(tag) ? table(view, start, view.getUint32(first.get(tag).at, little), little) : new Map());
    const details = link(0x8769);
    const place = link(0x8825);
    const moment = text(view, details.get(0x9003)).match(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/);
    const zone = text(view, details.get(0x9011)).match(/^[+-]\d\d:\d\d$/);
    return {
      taken_at: moment ? moment[1] + "-" + moment[2] + "-" + moment[3] + "T" + moment[4] + (zone ? zone[0] : "") : "",
      latitude: degrees(view, place.get(2), text(view, place.get(1)), little),
      longitude: degrees(view, place.get(4), text(view, place.get(3)), little),
    };
  }

  async function captured(file) {
    try {
      return read(new DataView(await file.slice(0, 262144).arrayBuffer()));
    } catch (broken) {
      return {};
    }
  }

  // ── Smaller ──

  async function bitmap(file) {
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch (unknown) {
      return createImageBitmap(file); // older browsers turn it upright by themselves
    }
  }

  function drawn(picture, longest) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  const encoded = (canvas, quality) => new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });

  async function smaller(file) {
    if (!PHOTO.test(file.type) || !window.createImageBitmap) return file;
    let picture;
    try {
      picture = await bitmap(file);
    } catch (broken) {
      return file;
    }
    const fits = file.type === "image/jpeg" && file.size <= LARGEST && Math.max(picture.width, picture.height) <= LONGEST;
    let best = fits ? file : null;
    for (let longest = LONGEST; !best && longest >= 400; longest = Math.round(longest * 0.8)) {
      const canvas = drawn(picture, longest);
      for (const quality of QUALITIES) {
        const blob = await encoded(canvas, quality);
        if (blob && blob.size <= LARGEST) {
          best = blob;
          break;
        }
      }
    }
    picture.close();
    return best || file;
  }

  window.photo = { captured, smaller };
})();
