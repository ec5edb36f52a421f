// Days: a bar for the claims of each, a mark where a place changed hands, a slider, and play.

import { $, fill, s } from './dom.js'
import { counted, date, t } from './strings.js'

const STEP = 650
const HEIGHT = 56
const MOST_BARS = 240
// The thumb of the slider is so wide: its middle, not its edge, stands on a day.
const THUMB = 18

export class Timeline {
  constructor(data, state, dateOf) {
    Object.assign(this, { data, state, dateOf, timer: 0, shown: [] })
    this.slider = $('day')
    this.slider.min = data.firstDay
    this.slider.max = data.lastDay
    this.slider.addEventListener('input', () => {
      this.stop()
      state.set({ day: Number(this.slider.value) })
    })
    $('play').addEventListener('click', () => (this.timer ? this.stop() : this.start()))
    $('before').addEventListener('click', () => this.move(-1))
    $('after').addEventListener('click', () => this.move(1))
    $('bars').addEventListener('click', (event) => this.pick(event))
    new ResizeObserver(() => this.draw()).observe($('bars'))
  }

  move(by) {
    this.stop()
    const { firstDay, lastDay } = this.data
    this.state.set({ day: Math.max(firstDay, Math.min(lastDay, this.state.day + by)) })
  }

  start() {
    if (this.state.day >= this.data.lastDay) this.state.set({ day: this.data.firstDay })
    this.timer = setInterval(() => {
      if (this.state.day >= this.data.lastDay) this.stop()
      else this.state.set({ day: this.state.day + 1 })
    }, STEP)
    this.label()
  }

  stop() {
    clearInterval(this.timer)
    this.timer = 0
    this.label()
  }

  label() {
    $('play').setAttribute('aria-label', t(this.timer ? 'pause' : 'play'))
    $('play').dataset.playing = this.timer ? 'yes' : 'no'
    $('before').setAttribute('aria-label', t('before'))
    $('after').setAttribute('aria-label', t('after'))
    $('summary').setAttribute('aria-live', this.timer ? 'off' : 'polite')
  }

  /** Show the day and the claims that pass the filters. */
  show(claims) {
    const { day } = this.state
    this.shown = claims
    this.slider.dir = document.documentElement.dir
    this.slider.value = day
    this.slider.setAttribute('aria-label', t('day'))
    this.slider.setAttribute('aria-valuetext', date(this.dateOf(day)))
    $('today').textContent = date(this.dateOf(day))
    const changes = this.data.changes.get(day) ?? []
    $('summary').textContent = [
      counted('claims', claims.filter((c) => c.day <= day && c.until >= day).length),
      counted('changes', changes.length),
    ].join(t('comma'))
    this.label()
    this.draw()
  }

  scale() {
    const { firstDay, lastDay } = this.data
    const width = $('bars').clientWidth
    const days = lastDay - firstDay + 1
    const each = Math.ceil(days / MOST_BARS)
    const inner = Math.max(1, width - THUMB)
    const at = (day) => {
      const x = THUMB / 2 + (inner * (day - firstDay)) / Math.max(1, days - 1)
      return document.documentElement.dir === 'rtl' ? width - x : x
    }
    return { width, days, each, at, wide: Math.max(1, Math.min(14, (inner / days) * each - 1)) }
  }

  draw() {
    const { width, each, at, wide } = this.scale()
    if (!width) return
    const { firstDay, lastDay, changes } = this.data
    const counts = this.counts(each)
    const most = Math.max(1, ...counts)
    const bars = counts.map((count, n) => {
      const tall = count ? Math.max(2, (count / most) * (HEIGHT - 18)) : 0
      const x = at(Math.min(lastDay, firstDay + n * each + (each - 1) / 2))
      const now = this.state.day >= firstDay + n * each && this.state.day < firstDay + (n + 1) * each
      return s('rect', {
        class: now ? 'bar now' : 'bar',
        x: x - wide / 2,
        y: HEIGHT - 4 - tall,
        width: wide,
        height: tall,
        rx: 1,
      })
    })
    const marks = [...changes.keys()]
      .filter((day) => day >= firstDay && day <= lastDay)
      .map((day) =>
        s('path', { class: 'turn', d: each > 1 ? `M${at(day) - 0.5},3h1v6h-1z` : `M${at(day) - 3.5},3h7l-3.5,6z` }),
      )
    const here = at(this.state.day)
    const cursor = s('line', { class: 'cursor', x1: here, x2: here, y1: 10, y2: HEIGHT - 4 })
    const svg = s(
      'svg',
      { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, 'aria-hidden': 'true' },
      cursor,
      ...bars,
      ...marks,
    )
    fill($('bars'), svg)
    const style = lastDay - firstDay > 300 ? 'middle' : 'short'
    $('from').textContent = date(this.dateOf(firstDay), style)
    $('to').textContent = date(this.dateOf(lastDay), style)
  }

  counts(each) {
    const { firstDay, lastDay } = this.data
    const counts = Array(Math.ceil((lastDay - firstDay + 1) / each)).fill(0)
    for (const claim of this.shown)
      if (claim.day >= firstDay && claim.day <= lastDay) counts[Math.floor((claim.day - firstDay) / each)] += 1
    return counts
  }

  pick(event) {
    const { days, at } = this.scale()
    const x = event.clientX - $('bars').getBoundingClientRect().left
    let best = this.data.firstDay
    for (let day = this.data.firstDay; day < this.data.firstDay + days; day++)
      if (Math.abs(at(day) - x) < Math.abs(at(best) - x)) best = day
    this.stop()
    this.state.set({ day: best })
  }
}
