/* The purpose card of a camera (UU PDP 27/2022, article 17): whose it is, why it looks, where that is announced. Shown
   beside the camera that is opened large; what nobody has filled in says so. */
(function () {
  "use strict";
  const layar = window.layar;
  const TIMEOUT_MS = 6000;
  const card = (layar.cameraCard = {});

  // Puts the card into `box` once it is there; nothing where there is none for this viewer.
  card.show = async function (box, cameraId) {
    const stop = new AbortController();
    const deadline = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const url = `/api/v1/cameras/${encodeURIComponent(cameraId)}/card`;
      const response = await fetch(url, { signal: stop.signal, redirect: "manual" });
      if (response.ok && box.isConnected) box.append(built(await response.json()));
    } catch (error) {
      // the picture stands without it
    } finally {
      clearTimeout(deadline);
    }
  };

  function built(said) {
    const { element } = layar;
    const node = element("aside", "camera-card panel");
    const list = element("dl", "camera-card-fields");
    for (const field of said.fields) {
      const text = element("dd", field.is_missing ? "is-missing" : "", layar.told(field));
      list.append(element("dt", "", layar.told(field, "title")), text);
    }
    node.append(element("b", "eyebrow", layar.say("Kartu kamera", "Camera card")), list);
    return node;
  }
})();
