'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const {report, figures, ids, rows} = data;
  const models = report.models.map((model) => model.name);
  const colors = ['#1769aa', '#d9730d', '#2e7d32', '#8e24aa', '#c62828', '#00838f', '#6d4c41', '#455a64'];
  const colorOf = (model) => colors[model % colors.length];
  const byId = (id) => document.getElementById(id);

  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in node && key !== 'list') node[key] = value; else node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  }
  function svg(name, attributes = {}, ...children) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  const text = (value) => (typeof value === 'number' ? String(Number(value.toPrecision(4))) : '–');
  const percent = (value) => (typeof value === 'number' ? (100 * value).toFixed(2) + ' %' : '–');

  // cells[id][model]: the row of a sample, {status, reason, values}.
  const cells = ids.map(() => models.map(() => null));
  for (const [id, model, status, reason, values] of rows) cells[id][model] = {status, reason, values};
  const valueOf = (cell, figure) => (cell && cell.status === 'ok' ? cell.values[figure] : null);

  function options(select, list, chosen) {
    select.replaceChildren(...list.map(([value, title]) => element('option', {value, textContent: title})));
    if (chosen !== undefined) select.value = chosen;
  }

  // --- summary
  byId('about').append(
      `${report.samples} samples of ${report.data}, profile ${report.settings.profile}, seed ${report.settings.seed}; ` +
      `cadrecode ${report.versions.cadrecode} (${report.versions.commit})`, element('br'),
      element('code', {textContent: report.command}));

  function table(head, body) {
    return element('table', {}, element('thead', {}, element('tr', {}, ...head.map((h) => element('th', {textContent: h})))),
                   element('tbody', {}, ...body.map((line) => element('tr', {}, ...line.map((c) => c instanceof Node ? c : element('td', {textContent: c}))))));
  }
  byId('summary').append(table(
      ['model', 'samples', 'ok', 'failed', 'invalid ratio'],
      report.models.map((m) => [m.name, m.samples, m.ok, m.failed, percent(m.invalid_ratio)])));

  function showFigures() {
    const set = byId('set').value;
    const body = figures.map((figure) => {
      const spreads = report.models.map((m) => m[set][figure.key]);
      const medians = spreads.map((s) => (typeof s.median === 'number' ? s.median : null));
      const known = medians.filter((v) => v !== null);
      const best = known.length > 1 ? (figure.higher ? Math.max(...known) : Math.min(...known)) : null;
      return [`${figure.title} ${figure.higher ? '↑' : '↓'}`, ...spreads.map((s, i) => {
        if (s.count === 0) return '–';
        const mean = 'mean' in s ? `${text(s.mean)} ± ${text(s.standard_error)}` : '–';
        const quartiles = s.quartiles.map((q) => (q === null ? '∞' : text(q))).join(' – ');
        return element('td', {className: medians[i] === best ? 'best' : ''}, `${mean} · ${s.median === null ? '∞' : text(s.median)}`,
                       element('small', {textContent: `quartiles ${quartiles}, ${s.count} samples`}));
      })];
    });
    byId('figures').replaceChildren(table(['mean ± standard error · median', ...models], body));
  }
  byId('set').addEventListener('change', showFigures);
  showFigures();

  // --- plots
  const plotWidth = 380, plotHeight = 230, margin = {left: 46, right: 10, top: 8, bottom: 26};
  const innerWidth_ = plotWidth - margin.left - margin.right, innerHeight_ = plotHeight - margin.top - margin.bottom;

  function axes(x, y, width, height) {
    const group = svg('g');
    group.append(svg('path', {class: 'axis', d: `M${margin.left},${margin.top}V${margin.top + height}H${margin.left + width}`}));
    for (let i = 0; i <= 4; ++i) {
      group.append(svg('text', {x: margin.left + width * i / 4, y: margin.top + height + 16, 'text-anchor': 'middle'}, text(x[0] + (x[1] - x[0]) * i / 4)));
      group.append(svg('text', {x: margin.left - 5, y: margin.top + height - height * i / 4 + 4, 'text-anchor': 'end'}, text(y[0] + (y[1] - y[0]) * i / 4)));
    }
    return group;
  }
  function rangeOf(values) {
    let low = Infinity, high = -Infinity;
    for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
    if (!(low < high)) { low -= 0.5; high += 0.5; }
    return [low, high];
  }

  function showHistograms() {
    const figure = Number(byId('distribution').value);
    const all = models.map((_, m) => cells.map((c) => valueOf(c[m], figure)).filter((v) => v !== null));
    const range = rangeOf(all.flat());
    const bins = 30;
    const plots = all.map((values, m) => {
      const counts = new Array(bins).fill(0);
      for (const v of values) ++counts[Math.min(bins - 1, Math.floor((v - range[0]) / (range[1] - range[0]) * bins))];
      const top = Math.max(1, ...counts);
      const plot = svg('svg', {width: plotWidth, height: plotHeight, role: 'img'});
      plot.append(axes(range, [0, top], innerWidth_, innerHeight_));
      counts.forEach((count, i) => {
        const height = innerHeight_ * count / top;
        plot.append(svg('rect', {x: margin.left + innerWidth_ * i / bins + 0.5, width: innerWidth_ / bins - 1,
                                 y: margin.top + innerHeight_ - height, height, fill: colorOf(m)}));
      });
      return element('figure', {}, plot, element('figcaption', {textContent: `${models[m]}: ${figures[figure].title} of ${values.length} samples`}));
    });
    byId('histograms').replaceChildren(...plots);
  }

  // Choices of the scatter plot: "figure of model".
  const axesChoices = models.flatMap((name, m) => figures.map((figure, f) => [`${m}/${f}`, `${figure.title} of ${name}`]));
  function showScatter() {
    const [xm, xf] = byId('scatterX').value.split('/').map(Number), [ym, yf] = byId('scatterY').value.split('/').map(Number);
    const points = [];
    cells.forEach((c, id) => {
      const x = valueOf(c[xm], xf), y = valueOf(c[ym], yf);
      if (x !== null && y !== null) points.push([x, y, id]);
    });
    const width = 560, height = 400;
    let xr = rangeOf(points.map((p) => p[0])), yr = rangeOf(points.map((p) => p[1]));
    if (xf === yf) xr = yr = rangeOf([...xr, ...yr]);
    const plot = svg('svg', {width: width + margin.left + margin.right, height: height + margin.top + margin.bottom, role: 'img'});
    plot.append(axes(xr, yr, width, height));
    const px = (v) => margin.left + width * (v - xr[0]) / (xr[1] - xr[0]), py = (v) => margin.top + height * (1 - (v - yr[0]) / (yr[1] - yr[0]));
    if (xf === yf) plot.append(svg('path', {class: 'axis', d: `M${px(xr[0])},${py(xr[0])}L${px(xr[1])},${py(xr[1])}`}));
    for (const [x, y, id] of points) {
      const dot = svg('circle', {class: 'dot', cx: px(x).toFixed(1), cy: py(y).toFixed(1), r: 3, fill: colorOf(ym)}, svg('title', {}, `${ids[id]}: ${text(x)}, ${text(y)}`));
      dot.addEventListener('click', () => openViewer(id));
      plot.append(dot);
    }
    byId('scatter').replaceChildren(element('figure', {}, plot, element('figcaption', {textContent: `${points.length} samples`})));
  }

  const figureChoices = figures.map((figure, f) => [String(f), figure.title]);
  const main = String(Math.max(0, figures.findIndex((figure) => figure.key === 'iou')));
  options(byId('distribution'), figureChoices, main);
  options(byId('scatterX'), axesChoices, `0/${main}`);
  options(byId('scatterY'), axesChoices, models.length > 1 ? `1/${main}` : '0/0');
  byId('distribution').addEventListener('change', showHistograms);
  for (const id of ['scatterX', 'scatterY']) byId(id).addEventListener('change', showScatter);
  if (models.length > 0) { showHistograms(); showScatter(); }

  // --- failures
  const reasons = new Map();
  for (const [, model, status, reason] of rows) {
    if (status === 'ok') continue;
    const key = `${status}\n${(reason || '').replace(/line \d+: /, '').replace(/^\w+: /, '').slice(0, 140)}`;
    if (!reasons.has(key)) reasons.set(key, models.map(() => 0));
    ++reasons.get(key)[model];
  }
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const listed = [...reasons].sort((a, b) => sum(b[1]) - sum(a[1])).slice(0, 40);
  byId('failures').append(listed.length === 0 ? element('p', {className: 'quiet', textContent: 'No prediction failed.'}) :
      table(['status', 'reason', ...models], listed.map(([key, counts]) => {
        const [status, reason] = key.split('\n');
        return [status, element('td', {className: 'text', textContent: reason}), ...counts];
      })));

  // --- gallery
  const pageLength = 24;
  let shown = pageLength;
  options(byId('sortFigure'), figureChoices, main);
  options(byId('sortModel'), [...models.map((name, m) => [String(m), name]), ...(models.length > 1 ? [['all', 'the mean of all models']] : [])], models.length > 1 ? 'all' : '0');
  options(byId('filter'), [['pictures', 'samples with pictures'], ['every', 'all samples'], ['failed', 'samples with a failure']], data.pictures.length > 0 ? 'pictures' : 'every');

  // Larger is better; a failure is worse than any value.
  function rank(id) {
    const figure = Number(byId('sortFigure').value), model = byId('sortModel').value;
    const of = model === 'all' ? models.map((_, m) => m) : [Number(model)];
    let worst = 0, total = 0;
    for (const m of of) {
      const value = valueOf(cells[id][m], figure);
      if (value === null) ++worst; else total += figures[figure].higher ? value : -value;
    }
    return [-worst, total];
  }
  const pictures = new Map(data.pictures.map((p) => [p.id, p]));
  const meshes = new Map(data.meshes.map((m) => [m.id, m]));

  function view(title, png, cell) {
    const parts = [png ? element('img', {src: 'data:image/png;base64,' + png, alt: title, loading: 'lazy'}) :
                         element('div', {className: 'none', textContent: cell && cell.status !== 'ok' ? cell.reason || cell.status : 'no picture'})];
    const lines = element('p', {}, element('strong', {textContent: title}));
    if (cell) {
      if (cell.status !== 'ok') lines.append(element('br'), element('span', {className: 'failed', textContent: cell.status}));
      else {
        for (const key of [Number(main), Number(byId('sortFigure').value)].filter((v, i, list) => list.indexOf(v) === i)) {
          lines.append(element('br'), `${figures[key].title} ${text(cell.values[key])}`);
        }
      }
    }
    return element('div', {className: 'view'}, ...parts, lines);
  }

  function card(id) {
    const p = pictures.get(id);
    const node = element('div', {className: 'card'}, element('h3', {textContent: ids[id]}));
    node.dataset.id = ids[id];
    if (p) {
      if (p.cloud) node.append(view('input cloud', p.cloud));
      node.append(view('reference', p.reference));
    }
    models.forEach((name, m) => node.append(view(name, p ? p.models[m] : null, cells[id][m])));
    if (meshes.has(id)) {
      node.classList.add('hasMeshes');
      const button = element('button', {type: 'button', textContent: 'in 3-D'});
      button.addEventListener('click', () => openViewer(id));
      node.querySelector('h3').append(button);
      for (const image of node.querySelectorAll('img')) image.addEventListener('click', () => openViewer(id));
    }
    return node;
  }

  function showGallery() {
    const filter = byId('filter').value, sign = byId('sortOrder').value === 'worst' ? 1 : -1;
    const chosen = ids.map((_, id) => id).filter((id) => filter === 'every' || (filter === 'pictures' ? pictures.has(id) : cells[id].some((c) => c && c.status !== 'ok')));
    const ranks = new Map(chosen.map((id) => [id, rank(id)]));
    chosen.sort((a, b) => sign * (ranks.get(a)[0] - ranks.get(b)[0] || ranks.get(a)[1] - ranks.get(b)[1]) || a - b);
    byId('gallery').replaceChildren(...chosen.slice(0, shown).map(card));
    byId('count').textContent = `${Math.min(shown, chosen.length)} of ${chosen.length}`;
    byId('more').hidden = shown >= chosen.length;
  }
  for (const id of ['sortFigure', 'sortModel', 'sortOrder', 'filter']) {
    byId(id).addEventListener('change', () => { shown = pageLength; showGallery(); });
  }
  byId('more').addEventListener('click', () => { shown += pageLength; showGallery(); });
  showGallery();

  // --- viewer
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer;
  function pointsOf(packed) {
    const whole = new Int16Array(bytesOf(packed.points));
    const result = new Float32Array(whole.length);
    for (let i = 0; i < whole.length; ++i) result[i] = packed.low[i % 3] + packed.size * (whole[i] + 32768) / 65535;
    return result;
  }
  function geometryOf(packed) {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('position', new THREE.BufferAttribute(pointsOf(packed), 3));
    if (packed.triangles) geometry.setIndex(new THREE.BufferAttribute(new Uint32Array(bytesOf(packed.triangles)), 1));
    return geometry;
  }
  let viewer = null;
  function makeViewer() {
    const canvas = byId('canvas');
    const renderer = new THREE.WebGLRenderer({canvas, antialias: true, preserveDrawingBuffer: true});
    renderer.setScissorTest(true);
    renderer.setClearColor(0xf4f6f8);
    const camera = new THREE.PerspectiveCamera(35, 1, 0.01, 100);
    camera.up.set(0, 0, 1);
    const controls = new THREE.OrbitControls(camera, canvas);
    controls.addEventListener('change', () => draw());
    const result = {renderer, camera, controls, scenes: [], id: null};
    window.addEventListener('resize', () => { if (byId('viewer').open) draw(); });
    return result;
  }
  function draw() {
    const stage = byId('stage');
    const width = Math.max(1, stage.clientWidth), height = Math.max(1, stage.clientHeight), count = viewer.scenes.length;
    viewer.renderer.setPixelRatio(window.devicePixelRatio);
    viewer.renderer.setSize(width, height, false);
    viewer.camera.aspect = width / count / height;
    viewer.camera.updateProjectionMatrix();
    viewer.scenes.forEach((scene, i) => {
      viewer.renderer.setViewport(width * i / count, 0, width / count, height);
      viewer.renderer.setScissor(width * i / count, 0, width / count, height);
      viewer.renderer.render(scene, viewer.camera);
    });
  }
  function solid(packed, color, opacity) {
    const group = new THREE.Group();
    const geometry = geometryOf(packed);
    const flat = geometry.toNonIndexed();
    flat.computeVertexNormals();
    group.add(new THREE.Mesh(flat, new THREE.MeshPhongMaterial({color, side: THREE.DoubleSide, transparent: opacity < 1, opacity, depthWrite: opacity === 1, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1})));
    if (byId('edges').checked) group.add(new THREE.LineSegments(new THREE.EdgesGeometry(geometry, 25), new THREE.LineBasicMaterial({color: 0x26303c, transparent: opacity < 1, opacity})));
    return group;
  }
  function fill(id) {
    const m = meshes.get(id), panels = [];
    if (m.cloud) panels.push(['input cloud', [new THREE.Points(geometryOf(m.cloud), new THREE.PointsMaterial({color: 0x1769aa, size: 0.02 * m.reference.size}))]]);
    panels.push(['reference', [solid(m.reference, 0x9fb4c8, 1)]]);
    models.forEach((name, i) => {
      const parts = m.models[i] ? [solid(m.models[i], new THREE.Color(colorOf(i)).getHex(), 1)] : [];
      if (byId('overlay').checked) parts.push(solid(m.reference, 0x60707f, 0.35));
      panels.push([m.models[i] ? name : `${name}: ${cells[id][i] ? cells[id][i].status : 'no row'}`, parts]);
    });
    const half = m.reference.size / 2, center = m.reference.low.map((low, axis) => low + m.reference.extent[axis] / 2);
    viewer.scenes = panels.map(([, parts]) => {
      const scene = new THREE.Scene();
      const world = new THREE.Group();
      world.add(...parts);
      if (parts.length === 0) world.add(new THREE.Group());
      world.position.set(-center[0] / half, -center[1] / half, -center[2] / half);
      world.scale.setScalar(1 / half);
      scene.add(world, new THREE.HemisphereLight(0xffffff, 0x8a929a, 0.75));
      const sun = new THREE.DirectionalLight(0xffffff, 0.55);
      sun.position.set(2, -3, 4);
      scene.add(sun);
      return scene;
    });
    byId('labels').replaceChildren(...panels.map(([title], i) => {
      const label = element('span', {textContent: title});
      label.style.left = `${100 * i / panels.length}%`;
      return label;
    }));
  }
  function openViewer(id) {
    if (!meshes.has(id)) return;
    if (!byId('viewer').open) byId('viewer').showModal();
    byId('viewerTitle').textContent = ids[id];
    if (!viewer) viewer = makeViewer();
    viewer.id = id;
    fill(id);
    viewer.camera.position.set(2.6, -3.4, 2.2);
    viewer.controls.target.set(0, 0, 0);
    viewer.controls.update();
    draw();
  }
  byId('close').addEventListener('click', () => byId('viewer').close());
  for (const id of ['overlay', 'edges']) byId(id).addEventListener('change', () => { if (viewer) { fill(viewer.id); draw(); } });
})();
