/* Responders: all of them in one draw call on a canvas of their own above the map, gliding from where they were to
   where they are. The map itself is not redrawn for that. What is drawn fades as the knowledge ages. */
(function () {
  "use strict";
  const layar = window.layar;
  const FRAME_MS = 40;
  const STILL_FRAME_MS = 200;
  const EARLY_MS = 8;
  const STEP_PX = 0.3; // of the screen: nobody sees that something moved less
  const LONGEST_GLIDE_S = 3;
  const SIZE_PX = 42;
  const WORLD_PX = 512;
  const SPREAD = 1e4; // mercator units are tiny; float32 needs them near 1, around an origin
  const KINDS = { vehicle: 0, volunteer: 1 };
  const MATRIX_LAYER = "layar-matrix";
  const STRIDE = 9;
  const held = {
    canvas: null, gl: null, program: null, vao: null, buffer: null, places: {}, count: 0, origin: null, matrix: null,
    base: 0, endsAt: 0, speed: 0, drawnAt: 0, isDirty: true, isAsked: false, timer: null, frames: 0, colours: [], states: new Map(), ages: null,
  };
  const glide = (layar.glide = { count: () => held.count, frames: () => held.frames });

  const VERTEX = `#version 300 es
    uniform mat4 u_matrix; uniform float u_now; uniform float u_size; uniform float u_bearing; uniform vec2 u_ages;
    uniform vec3 u_colours[4];
    in vec2 a_from; in vec2 a_to; in vec2 a_when; in vec3 a_look;
    out vec3 v_colour; out vec2 v_turn; flat out float v_shape; out float v_age;
    void main() {
      float k = clamp((u_now - a_when.x) / max(a_when.y, 0.001), 0.0, 1.0);
      gl_Position = u_matrix * vec4(mix(a_from, a_to, k), 0.0, 1.0);
      float age = u_now - a_look.z;
      v_age = age > u_ages.y ? 2.0 : age > u_ages.x ? 1.0 : 0.0;
      int kind = int(a_look.y);
      v_colour = v_age > 1.5 ? u_colours[3] : u_colours[kind];
      v_shape = kind == 0 ? (a_look.x < 0.0 ? 2.0 : 0.0) : kind == 1 ? 1.0 : 3.0;
      float turn = radians(max(a_look.x, 0.0)) - u_bearing;
      v_turn = vec2(cos(turn), sin(turn));
      gl_PointSize = u_size * (kind == 1 ? 0.82 : 1.0);
    }`;
  // Signed distances: an arrow, a disc, a box (a vehicle whose heading nobody said), a lozenge (kind unknown).
  const FRAGMENT = `#version 300 es
    precision mediump float;
    in vec3 v_colour; in vec2 v_turn; flat in float v_shape; in float v_age; out vec4 o_colour;
    uniform vec3 u_rim;
    float shape(vec2 p) {
      if (v_shape < 0.5) {
        vec2 q = vec2(abs(p.x), p.y);
        return max(dot(q - vec2(0.0, -0.72), vec2(0.927, -0.374)), dot(q - vec2(0.0, 0.36), vec2(-0.489, 0.873)));
      }
      if (v_shape < 1.5) return length(p) - 0.46;
      if (v_shape < 2.5) { vec2 d = abs(p) - 0.34; return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0) - 0.1; }
      return (abs(p.x) + abs(p.y) - 0.6) * 0.707;
    }
    void main() {
      vec2 c = gl_PointCoord * 2.0 - 1.0;
      c = vec2(c.x * v_turn.x + c.y * v_turn.y, -c.x * v_turn.y + c.y * v_turn.x);
      float d = shape(c * 1.45);
      float whole = smoothstep(0.82, 0.62, length(c)); // rim and glow end before the square they are drawn on does
      float inside = smoothstep(0.06, -0.06, d);
      float rim = smoothstep(0.2, 0.1, d) * whole;
      float glow = smoothstep(0.7, 0.05, d) * 0.34 * whole;
      bool ghost = v_age > 1.5;
      // A ghost is an outline: something was there, nobody knows whether it still is.
      float body = ghost ? inside * smoothstep(-0.22, -0.1, d) : inside;
      float strength = ghost ? 0.7 : v_age > 0.5 ? 0.62 : 1.0;
      vec3 colour = mix(u_rim, v_colour, body);
      float alpha = max(max(body, rim * (ghost ? 0.3 : 0.85)), ghost ? 0.0 : glow * strength);
      if (rim < 0.5 && body < 0.5) colour = v_colour;
      alpha *= strength;
      if (alpha < 0.01) discard;
      o_colour = vec4(colour * alpha, alpha);
    }`;

  /* -- the canvas -- */
  layar.on("map", (map) => attach(map));
  layar.on("map-restored", (map) => addMatrixLayer(map));
  layar.on("resized", fit);
  layar.onTheme(dress);

  function attach(map) {
    const canvas = (held.canvas = layar.element("canvas", "wall-glide"));
    map.getCanvasContainer().appendChild(canvas);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      held.gl = null;
    });
    canvas.addEventListener("webglcontextrestored", () => layar.guard("glide", prepare));
    held.origin = mercator(...map.getCenter().toArray());
    prepare();
    addMatrixLayer(map);
    map.on("resize", fit);
    map.on("render", dirty);
    layar.on("second", dirty);
    fit();
  }

  // MapLibre tells only custom layers the matrix of the view; this one draws nothing and remembers it.
  function addMatrixLayer(map) {
    if (map.getLayer(MATRIX_LAYER)) map.removeLayer(MATRIX_LAYER);
    map.addLayer({
      id: MATRIX_LAYER,
      type: "custom",
      render: (_gl, view) => {
        held.matrix = Array.from(view.defaultProjectionData.mainMatrix);
      },
    });
    map.triggerRepaint();
  }

  function fit() {
    const map = layar.map.get();
    if (!map || !held.canvas) return;
    held.canvas.width = map.getCanvas().width;
    held.canvas.height = map.getCanvas().height;
    dirty();
  }

  function prepare() {
    const options = { alpha: true, premultipliedAlpha: true, antialias: false, depth: false, stencil: false };
    const gl = (held.gl = held.canvas.getContext("webgl2", options));
    const program = (held.program = gl.createProgram());
    for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    const names = ["matrix", "now", "size", "bearing", "ages", "colours", "rim"];
    held.places = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, `u_${name}`)]));
    held.vao = gl.createVertexArray();
    held.buffer = gl.createBuffer();
    gl.bindVertexArray(held.vao);
    gl.bindBuffer(gl.ARRAY_BUFFER, held.buffer);
    let at = 0;
    for (const [name, size] of [["a_from", 2], ["a_to", 2], ["a_when", 2], ["a_look", 3]]) {
      const place = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, STRIDE * 4, at * 4);
      at += size;
    }
    gl.bindVertexArray(null);
    dress();
    upload();
  }

  function dress() {
    const tokens = ["--unit-vehicle", "--unit-volunteer", "--unit-unknown", "--unit-ghost"];
    held.colours = tokens.flatMap((name) => rgb(layar.token(name)));
    held.rim = rgb(layar.token("--unit-rim"));
    if (held.canvas) dirty();
  }

  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);

  /* -- the units -- */
  glide.set = function (units, ages) {
    const now = layar.time.now();
    const longest = layar.isCalm() ? 0 : LONGEST_GLIDE_S * layar.past.pace();
    const fresh = new Map();
    for (const unit of units) fresh.set(unit.key, moved(held.states.get(unit.key), unit, now, longest));
    held.states = fresh;
    held.ages = ages;
    upload();
  };

  // From where it is drawn this moment to where it now is said to be, in about the time between two reports. Plain fields:
  // this runs ten thousand times a second.
  function moved(before, unit, now, longest) {
    const [x, y] = mercator(unit.lon, unit.lat);
    const state = {
      fromX: x, fromY: y, toX: x, toY: y, at: now, lasts: 0,
      heading: unit.heading, kind: KINDS[unit.kind] ?? 2, observedAt: unit.observedAt,
    };
    if (!before) return state;
    if (before.toX === x && before.toY === y) {
      state.fromX = before.fromX;
      state.fromY = before.fromY;
      state.at = before.at;
      state.lasts = before.lasts;
    } else if (longest) {
      const k = before.lasts ? Math.min(1, Math.max(0, (now - before.at) / before.lasts)) : 1;
      state.fromX = before.fromX + (before.toX - before.fromX) * k;
      state.fromY = before.fromY + (before.toY - before.fromY) * k;
      state.lasts = Math.min(longest, Math.max(0.3, unit.before === null ? 1 : unit.observedAt - unit.before));
    }
    return state;
  }

  function mercator(lon, lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [(lon + 180) / 360, 0.5 - (0.25 * Math.log((1 + sine) / (1 - sine))) / Math.PI];
  }

  function upload() {
    const gl = held.gl;
    if (!gl || !held.origin) return;
    const table = new Float32Array(held.states.size * STRIDE);
    const [x, y] = held.origin;
    held.base = layar.time.now();
    held.endsAt = 0;
    held.speed = 0;
    let at = 0;
    for (const state of held.states.values()) {
      table[at++] = (state.fromX - x) * SPREAD;
      table[at++] = (state.fromY - y) * SPREAD;
      table[at++] = (state.toX - x) * SPREAD;
      table[at++] = (state.toY - y) * SPREAD;
      table[at++] = state.at - held.base;
      table[at++] = state.lasts;
      table[at++] = state.heading;
      table[at++] = state.kind;
      table[at++] = state.observedAt - held.base;
      if (state.at + state.lasts <= held.base) continue;
      held.endsAt = Math.max(held.endsAt, state.at + state.lasts);
      held.speed = Math.max(held.speed, (Math.abs(state.toX - state.fromX) + Math.abs(state.toY - state.fromY)) / state.lasts);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, held.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, table, gl.DYNAMIC_DRAW);
    held.count = held.states.size;
    dirty();
  }

  /* -- drawing: a frame is asked of the browser only when one is due, for each costs the page more than what it draws -- */
  function dirty() {
    held.isDirty = true;
    next();
  }

  function next() {
    if (held.isAsked) return;
    clearTimeout(held.timer);
    const isGliding = layar.time.now() <= held.endsAt;
    if (!held.isDirty && !isGliding) return; // whatever changes will ask again
    const wait = (held.isDirty ? FRAME_MS : frameMs()) - (performance.now() - held.drawnAt);
    if (wait > EARLY_MS) held.timer = setTimeout(ask, wait - EARLY_MS);
    else ask();
  }

  function ask() {
    held.isAsked = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    held.isAsked = false;
    if (!held.gl || !held.matrix) return; // the second, or the map's next frame, asks again
    held.drawnAt = performance.now();
    held.isDirty = false;
    layar.guard("glide", draw);
    next();
  }

  // A glide is drawn as often as the quickest of all moves by a step: seen from far most take seconds for a pixel.
  function frameMs() {
    const worldPx = WORLD_PX * 2 ** layar.map.get().getZoom() * layar.map.scale() * window.devicePixelRatio;
    const pxPerS = held.speed * worldPx * layar.past.pace();
    return Math.min(STILL_FRAME_MS, Math.max(FRAME_MS, (1000 * STEP_PX) / pxPerS));
  }

  function draw() {
    const { gl, places, canvas } = held;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    held.frames += 1;
    if (!held.count) return;
    gl.useProgram(held.program);
    gl.uniformMatrix4fv(places.matrix, false, aroundOrigin(held.matrix, held.origin));
    gl.uniform1f(places.now, layar.time.now() - held.base);
    gl.uniform1f(places.size, SIZE_PX * shrink(layar.map.get().getZoom()) * layar.map.pixelRatio());
    gl.uniform1f(places.bearing, (layar.map.get().getBearing() * Math.PI) / 180);
    gl.uniform2f(places.ages, held.ages ? held.ages.late_s : 1e9, held.ages ? held.ages.lost_s : 1e9);
    gl.uniform3fv(places.colours, held.colours);
    gl.uniform3fv(places.rim, held.rim);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(held.vao);
    gl.drawArrays(gl.POINTS, 0, held.count);
    gl.bindVertexArray(null);
  }

  // Smaller where the whole city is to be seen: names must stay readable.
  const shrink = (zoom) => Math.max(0.76, Math.min(1, 0.76 + (zoom - 12.2) * 0.17));

  // matrix × translate(origin) × scale(1 / SPREAD), in float64 before it is cut down to float32
  function aroundOrigin(m, [x, y]) {
    const out = new Float32Array(16);
    for (let i = 0; i < 4; i++) {
      out[i] = m[i] / SPREAD;
      out[4 + i] = m[4 + i] / SPREAD;
      out[8 + i] = m[8 + i];
      out[12 + i] = m[i] * x + m[4 + i] * y + m[12 + i];
    }
    return out;
  }
})();
