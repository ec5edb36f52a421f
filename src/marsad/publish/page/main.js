// The page: what is looked at lives in `State`; every part shows it, and changes it when somebody asks.

import { $, bdi, fill, h } from './dom.js'
import { dateOf, dayOf, isoOf, readExhibit, stateOn } from './data.js'
import { Details } from './details.js'
import { Filters } from './filters.js'
import { fold, learn } from './fold.js'
import { badgeOf, inPeriod, Lists } from './lists.js'
import { ControlMap } from './map.js'
import { FILTERS, State } from './state.js'
import { date, name, number, placeName, saidOf, speak, t } from './strings.js'
import { Timeline } from './timeline.js'

const data = readExhibit()
learn(data.fold)
const dateIn = (day) => dateOf(data, day)
const state = new State(
  data.on,
  (day) => isoOf(data, day),
  (iso) => {
    const day = dayOf(data, iso)
    return Number.isInteger(day) && day >= data.firstDay && day <= data.lastDay ? day : null
  },
)
const open = {
  claim: (claim) => state.set({ claim: claim.id }),
  place: (place) => {
    state.set({ place: place.id, claim: '' })
    map?.goTo(place)
  },
}
let map = null
state.read()
translate()
const filters = new Filters(data, state)
const timeline = new Timeline(data, state, dateIn)
const lists = new Lists(data, state, dateIn, open)
const details = new Details(data, state, dateIn, open)

function translate() {
  speak(state.lang, data.countries[0])
  Object.assign(document.documentElement, { lang: state.lang, dir: state.lang === 'ar' ? 'rtl' : 'ltr' })
  for (const each of document.querySelectorAll('[data-t]')) each.textContent = t(each.dataset.t)
  for (const each of document.querySelectorAll('[data-label]')) each.setAttribute('aria-label', t(each.dataset.label))
  for (const each of document.querySelectorAll('[data-hint]')) each.placeholder = t(each.dataset.hint)
  $('lang').lang = state.lang === 'ar' ? 'en' : 'ar'
  $('name').textContent = data.title || t('title')
  document.title = `${data.title || t('title')} · ${t('brand')}`
  $('range').textContent = t('days', {
    a: date(dateIn(data.firstDay), 'middle'),
    b: date(dateIn(data.lastDay), 'middle'),
  })
}

function legend() {
  const counts = new Map()
  const statuses = new Set()
  for (const place of data.held) {
    const held = stateOn(place, state.day)
    if (!held || held.status === 'unknown') continue
    statuses.add(held.status)
    const [side] = held.sides
    if (side) counts.set(side, (counts.get(side) ?? 0) + 1)
  }
  const sides = [...counts].sort((a, b) => b[1] - a[1])
  const signs = { contested: 'sContested', besieged: 'sBesieged', vacated: 'sVacated' }
  fill(
    $('legend-rows'),
    sides.map(([side, count]) => h('li', {}, badgeOf(side), bdi(name(side)), h('small', {}, number(count)))),
    Object.keys(signs)
      .filter((status) => statuses.has(status))
      .map((status) =>
        h('li', {}, h('span', { className: `badge is-${status}`, 'aria-hidden': 'true' }), t(signs[status])),
      ),
  )
}

const BY_FILTER = ['lang', ...FILTERS]
const BY_CLAIMS = ['day', 'span', 'tab', ...BY_FILTER]
let passing = []

function show(changed) {
  if (changed.has('lang')) {
    translate()
    map?.forget()
  }
  if (BY_FILTER.some((key) => changed.has(key))) {
    passing = filters.passing()
    filters.show()
  }
  const period = inPeriod(passing, state)
  if (BY_CLAIMS.some((key) => changed.has(key))) {
    lists.show(period)
    timeline.show(passing)
    legend()
  }
  details.show()
  const news = state.span === 'all' ? [] : period
  map?.show(state.day, new Set(news.flatMap((claim) => claim.places.map((place) => place.n))))
}

function drawMap() {
  map = new ControlMap($('map'), data, state, open.place)
  $('zoom-in').addEventListener('click', () => map.zoom(1))
  $('zoom-out').addEventListener('click', () => map.zoom(-1))
  $('fit').addEventListener('click', () => map.fit())
  map.hover = (place, [x, y]) => {
    $('tip').hidden = !place
    if (!place) return
    fill($('tip'), h('b', {}, bdi(placeName(place))), h('span', {}, saidOf(stateOn(place, state.day))))
    $('tip').style.setProperty('--x', `${x}px`)
    $('tip').style.setProperty('--y', `${y}px`)
    $('tip').classList.toggle('left', x > $('map').clientWidth / 2)
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => map.forget())
  if (matchMedia('(max-width: 60rem)').matches) $('legend').open = false
  window.marsad = { data, state, map, fold }
}

$('skip').addEventListener('click', (event) => {
  event.preventDefault()
  $('panel').focus()
})
$('lang').addEventListener('click', () => state.set({ lang: state.lang === 'ar' ? 'en' : 'ar' }))
$('credits').textContent = data.credits.join(' ')
$('disputed').hidden = data.borders.every((border) => border.known)
state.listen(show)
show(new Set(BY_CLAIMS))
// The map draws letters on a canvas: their fonts must be there first.
Promise.all(
  ['400', '600'].map((weight) => document.fonts.load(`${weight} 13px "IBM Plex Sans Arabic"`, 'مرصد M')),
).finally(() => {
  drawMap()
  map.map.once('rendercomplete', () => {
    document.documentElement.dataset.ready = 'yes'
  })
  show(new Set())
  details.reveal()
})
