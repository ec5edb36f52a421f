// The signs of sides: a colour, its pattern, a letter. Drawn on small canvases for the map, and for the legend.

const SIZE = 12
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export const colourOf = (actor) => css(`--side-${actor?.emblem?.[0] ?? 'none'}`) || '#777'

function canvas(width, height) {
  const made = document.createElement('canvas')
  made.width = width
  made.height = height
  return [made, made.getContext('2d')]
}

/** Each colour has a pattern of its own, drawn within a square that joins itself on all sides. */
const PATTERNS = {
  red: (c) =>
    lines(c, [
      [0, SIZE, SIZE, 0],
      [-1, 1, 1, -1],
      [SIZE - 1, SIZE + 1, SIZE + 1, SIZE - 1],
    ]),
  green: (c) =>
    dots(
      c,
      [
        [3, 3],
        [9, 9],
      ],
      1.3,
    ),
  yellow: (c) =>
    lines(c, [
      [0, 0, SIZE, SIZE],
      [-1, SIZE - 1, 1, SIZE + 1],
      [SIZE - 1, -1, SIZE + 1, 1],
    ]),
  grey: (c) =>
    lines(c, [
      [0, 3, SIZE, 3],
      [0, 9, SIZE, 9],
    ]),
  blue: (c) =>
    lines(c, [
      [3, 0, 3, SIZE],
      [9, 0, 9, SIZE],
    ]),
  violet: (c) =>
    lines(c, [
      [0, 6, SIZE, 6],
      [6, 0, 6, SIZE],
    ]),
  teal: (c) => dots(c, [[6, 6]], 2.4),
  brown: (c) =>
    lines(c, [
      [0, 0, SIZE, SIZE],
      [0, SIZE, SIZE, 0],
    ]),
  pink: (c) =>
    lines(c, [
      [0, 9, 6, 3],
      [6, 3, SIZE, 9],
    ]),
  olive: (c) =>
    lines(c, [
      [1, 3, 6, 3],
      [7, 9, 11, 9],
    ]),
}

function lines(c, all) {
  c.beginPath()
  all.forEach(([x, y, toX, toY]) => {
    c.moveTo(x, y)
    c.lineTo(toX, toY)
  })
  c.stroke()
}

function dots(c, all, radius) {
  all.forEach(([x, y]) => {
    c.beginPath()
    c.arc(x, y, radius, 0, 7)
    c.fill()
  })
}

/** A filling for a cell: the side's colour and pattern; where two sides are at it, broad stripes of both. */
export function filling(first, second, alpha) {
  const wide = second ? 2 * SIZE : SIZE
  const [made, c] = canvas(wide, wide)
  const [ink, other] = [colourOf(first), second ? colourOf(second) : null]
  c.globalAlpha = alpha
  c.fillStyle = ink
  c.fillRect(0, 0, wide, wide)
  if (other) {
    c.clearRect(0, 0, wide, wide)
    stripes(c, wide, ink, other)
  } else {
    c.globalAlpha = Math.min(1, alpha + 0.25)
    c.strokeStyle = c.fillStyle = ink
    c.lineWidth = 1.1
    PATTERNS[first.emblem?.[0]]?.(c)
  }
  return c.createPattern(made, 'repeat')
}

function stripes(c, wide, ink, other) {
  const half = wide / 2
  for (let at = -wide; at < 2 * wide; at += wide)
    for (const [colour, from] of [
      [ink, at],
      [other, at + half],
    ]) {
      c.fillStyle = colour
      c.beginPath()
      c.moveTo(from, 0)
      c.lineTo(from + half, 0)
      c.lineTo(from + half - wide, wide)
      c.lineTo(from - wide, wide)
      c.fill()
    }
}

/** The sign of a state: a disc, for a site a square, with the letter of its side; halved where two are at it. */
export function badge(state, { square = false, lang = 'ar', ratio = 2, radius = 9 } = {}) {
  const pad = 3
  const side = 2 * (radius + pad)
  const [made, c] = canvas(side * ratio, side * ratio)
  c.scale(ratio, ratio)
  c.translate(side / 2, side / 2)
  const [first, second] = state.sides
  const outline = () => {
    c.beginPath()
    square ? c.rect(-radius, -radius, 2 * radius, 2 * radius) : c.arc(0, 0, radius, 0, 7)
  }
  outline()
  c.fillStyle = first ? colourOf(first) : css('--paper')
  c.fill()
  if (second && state.status === 'contested') half(c, radius, colourOf(second), outline)
  ring(c, state, second, outline)
  letter(c, first ? (first.emblem?.[lang === 'ar' ? 1 : 2] ?? '') : '–', radius, first ? '#fff' : css('--soft'))
  return made
}

function half(c, radius, colour, outline) {
  c.save()
  outline()
  c.clip()
  c.fillStyle = colour
  c.beginPath()
  c.moveTo(-radius, radius)
  c.lineTo(radius, -radius)
  c.lineTo(radius, radius)
  c.fill()
  c.restore()
}

function ring(c, state, second, outline) {
  outline()
  c.lineWidth = 1.5
  c.strokeStyle = css('--paper')
  if (state.status === 'besieged') {
    c.lineWidth = 3
    c.setLineDash([4, 3])
    c.strokeStyle = second ? colourOf(second) : css('--ink')
  } else if (state.status === 'contested') {
    c.lineWidth = 2
    c.setLineDash([3, 2])
    c.strokeStyle = css('--ink')
  } else if (!state.sides.length) c.strokeStyle = css('--soft')
  c.stroke()
}

function letter(c, sign, radius, ink) {
  c.font = `600 ${Math.round(radius * 1.35)}px "IBM Plex Sans Arabic", sans-serif`
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.lineWidth = 2
  c.strokeStyle = 'rgb(0 0 0 / .45)'
  if (ink === '#fff') c.strokeText(sign, 0, 0.5)
  c.fillStyle = ink
  c.fillText(sign, 0, 0.5)
}
