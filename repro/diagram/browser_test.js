// What a browser makes of a page of `repro show --format html`: facts, which browser_test.cc judges. Places are in the drawing's pixels.
(() => {
  const svg = document.querySelector('svg');

  const placeOf = (element) => {
    const origin = svg.getBoundingClientRect();
    const {x, y, width, height} = element.getBoundingClientRect();
    return {x: x - origin.x, y: y - origin.y, width, height};
  };

  // Nothing lies over its middle but what belongs to `owner`.
  const isOnTop = (element, owner) => {
    element.scrollIntoView({block: 'center', inline: 'center'});
    const {x, y, width, height} = element.getBoundingClientRect();
    return owner.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  };

  const factsOf = (group) => {
    const rect = group.querySelector(':scope > rect');
    const line = group.querySelector(':scope > polyline');
    const mark = group.querySelector(':scope > path');
    const facts = {class: group.getAttribute('class'), title: group.querySelector('title')?.textContent ?? ''};
    if (rect) {
      const style = getComputedStyle(rect);
      Object.assign(facts, {box: placeOf(rect), fill: style.fill, stroke: style.stroke});
    }
    if (mark) facts.mark = placeOf(mark);
    if (line) {
      facts.stroke = getComputedStyle(line).stroke;
      facts.points = [...line.points].map(({x, y}) => [x, y]);
      facts.head = placeOf(group.querySelector(':scope > polygon'));
    }
    facts.texts = [...group.querySelectorAll(':scope > text')].filter((text) => text.textContent.trim()).map((text) => ({
      words: text.textContent,
      box: placeOf(text),
      fills: [text, ...text.querySelectorAll('tspan')].map((part) => getComputedStyle(part).fill),
      shown: text.checkVisibility() && isOnTop(text, group),
    }));
    return facts;
  };

  const facts = {
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    loaded: performance.getEntriesByType('resource').map(({name}) => name),
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ground: getComputedStyle(svg.querySelector('.ground')).fill,
    drawing: placeOf(svg),
    verdict: {box: placeOf(svg.querySelector('.verdict')), words: svg.querySelector('.verdict').textContent},
    groups: [...svg.querySelectorAll('g')].map(factsOf),
  };
  tell(facts);
})();
