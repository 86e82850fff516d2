/* Which grid of tiles fills a wall: so many columns and rows that pictures of 16:9 come out largest, whatever the shape
   of the wall. Pure: numbers in, numbers out. */
(function () {
  "use strict";
  const SHAPE = 16 / 9;
  const KEPT_SHARE = 0.4; // of the cells, beside a large tile
  const LEAST_REM = [17, 9.5]; // of a tile, so that its words have room
  const FEW = 4;
  const FEW_WITH_LARGE = 9;
  const grid = (window.layar.cameraGrid = { counts: [1, 4, 9, 16, 30] });

  // How wide a picture may be in a box of these sizes.
  const pictureWidth = (width, height) => Math.min(width, height * SHAPE);

  // {columns, rows} for at least `count` tiles in a box of pixels; of equals the one with fewer empty cells.
  grid.choose = function (count, width, height) {
    let best = null;
    for (let columns = 1; columns <= Math.max(1, count); columns++) {
      const rows = Math.max(1, Math.ceil(count / columns));
      const wide = pictureWidth(width / columns, height / rows);
      const isBetter = !best || wide > best.wide + 0.5 || (wide > best.wide - 0.5 && columns * rows < best.columns * best.rows);
      if (isBetter) best = { columns, rows, wide };
    }
    return { columns: best.columns, rows: best.rows };
  };

  // The same with one large tile: {columns, rows, large: {columns, rows}, cells}, where `cells` counts the large as one.
  grid.withLarge = function (count, width, height) {
    if (count <= 1) return { columns: 1, rows: 1, large: { columns: 1, rows: 1 }, cells: 1 };
    const { columns, rows } = grid.choose(count <= FEW ? FEW_WITH_LARGE : count, width, height);
    const large = span(columns, rows, width / columns, height / rows);
    return { columns, rows, large, cells: columns * rows - large.columns * large.rows + 1 };
  };

  function span(columns, rows, cellWidth, cellHeight) {
    let best = { columns: 1, rows: 1, wide: 0 };
    for (let across = 1; across <= columns; across++) {
      for (let down = 1; down <= rows; down++) {
        if (columns * rows - across * down < KEPT_SHARE * columns * rows) continue;
        const wide = pictureWidth(across * cellWidth, down * cellHeight);
        const isSmaller = across * down < best.columns * best.rows;
        if (wide > best.wide + 0.5 || (wide > best.wide - 0.5 && isSmaller)) best = { columns: across, rows: down, wide };
      }
    }
    return { columns: best.columns, rows: best.rows };
  }

  // How many tiles a box has room for whose words are so large.
  grid.mostFor = (width, height, rem) => Math.max(1, Math.floor(width / (LEAST_REM[0] * rem)) * Math.floor(height / (LEAST_REM[1] * rem)));

  // Tiles on a wall of panels: so many in each that none is cut, from the second panel on. Lines between tiles are as wide
  // as the gap between panels, so that all of them are alike.
  grid.ofPanels = function ([across, down], gapPx, [width, height], rem) {
    const [panelWidth, panelHeight] = [width / across, height / down];
    const split = Math.max(1, Math.min(4, Math.floor(panelWidth / (LEAST_REM[0] * rem)), Math.floor(panelHeight / (LEAST_REM[1] * rem))));
    const gap = Math.max(4, gapPx);
    const free = [];
    for (let row = 1; row <= down * split; row++) {
      for (let column = 1; column <= across * split; column++) if (row > split || column > split) free.push({ column, row });
    }
    return {
      columns: across * split, rows: down * split, large: null, cells: free.length, gap,
      words: [panelWidth - gap, panelHeight - gap], at: (place) => free[place] || null,
    };
  };

  // Which size of the shelf a tile of so many real pixels needs. On a thin link the smallest that can be made out.
  grid.size = function (devicePixels, isThin) {
    if (isThin) return devicePixels > 640 ? "thumb" : "tiny";
    if (devicePixels <= 380) return "thumb";
    return devicePixels <= 800 ? "medium" : "full";
  };
})();
