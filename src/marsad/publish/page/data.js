// The exhibit as it stands in the page, unpacked: numbers become the things that they name.

const SAME = (a, b) => a.status === b.status && (a.sides[0] ?? -1) === (b.sides[0] ?? -1)

export function readExhibit() {
  return unpack(JSON.parse(document.getElementById('exhibit').textContent))
}

function unpack(raw) {
  const named = (rows) => rows.map(([id, ar, en]) => ({ id, ar, en }))
  const actors = named(raw.actors)
  actors.forEach((actor) => Object.assign(actor, { emblem: raw.emblems[actor.id] }))
  const parties = raw.parties.map(([actor, words]) => ({ actor: actors[actor] ?? null, words }))
  const places = raw.places.map(([id, en, ar, kind, areaEn, areaAr, country, point, weight], n) => ({
    n,
    id,
    en,
    ar,
    kind,
    area: { ar: areaAr, en: areaEn },
    country,
    point,
    weight,
    states: [],
    claims: [],
    site: id.includes('/') ? id.split('/')[1] : '',
    cell: null,
  }))
  const reports = raw.reports.map(([id, outlet, day, title, url, text]) => ({
    id,
    outlet: raw.names[outlet] ?? '',
    day,
    title,
    url,
    text,
    claims: [],
  }))
  const data = {
    ...raw,
    actors,
    places,
    reports,
    types: named(raw.types),
    statuses: named(raw.statuses),
    firstDay: 0,
    lastDay: dayOf(raw, raw.last),
  }
  data.claims = claimsOf(raw, data, parties)
  for (const [n, rows] of Object.entries(raw.states)) places[n].states = statesOf(rows, data)
  for (const [n, polygons] of Object.entries(raw.cells)) places[n].cell = polygonsOf(polygons)
  data.borders = raw.borders.map(([id, en, ar, known, polygons]) => ({
    id,
    en,
    ar,
    known,
    polygons: polygonsOf(polygons),
  }))
  data.held = places.filter((place) => place.states.length)
  data.byId = new Map(data.claims.map((claim) => [claim.id, claim]))
  data.placeById = new Map(places.map((place) => [place.id, place]))
  data.changes = changesOf(data.held)
  return data
}

function claimsOf(raw, data, parties) {
  const columns = raw.claims
  const count = columns.id?.length ?? 0
  const claims = []
  for (let n = 0; n < count; n++) {
    const [start, end, from, to] = columns.span[n]
    const claim = {
      n,
      id: columns.id[n],
      listed: n < raw.listed,
      report: data.reports[columns.report[n]] ?? null,
      type: data.types[columns.type[n]],
      status: data.statuses[columns.status[n]],
      day: columns.day[n],
      until: columns.day[n] + columns.long[n],
      dated: columns.dated[n] === 1,
      span: [start, end],
      trigger: [from, to],
      actors: columns.actors[n].map((p) => parties[p]),
      targets: columns.targets[n].map((p) => parties[p]),
      places: columns.places[n].map((p) => data.places[p]),
      sources: columns.sources[n].map((s) => raw.names[s]),
      sure: columns.sure[n],
      reviewed: columns.seen[n] === 1,
      numbers: columns.numbers[n] || {},
      incident: columns.incident[n],
    }
    claim.words = claim.report ? claim.report.text.slice(start, end) : ''
    claim.report?.claims.push(claim)
    claim.places.forEach((place) => place.claims.push(claim))
    claims.push(claim)
  }
  return claims
}

function statesOf(rows, data) {
  const states = rows.map(
    ([start, status, since, told, actor, sides, chance, newest, outright, voices, heard, against]) => ({
      start,
      status,
      since,
      told: told === 1,
      actor: data.actors[actor] ?? null,
      sides: sides.map((n) => data.actors[n]),
      chance: chance / 100,
      newest,
      outright,
      voices,
      claims: heard.map((n) => data.claims[n]),
      against: against.map((n) => data.claims[n]),
      end: null,
      turn: false,
    }),
  )
  states.forEach((state, at) => {
    state.end = states.slice(at + 1).find((next) => !SAME(state, next))?.start ?? null
    state.turn = at === 0 ? state.told && state.sides.length > 0 : !SAME(states[at - 1], state)
  })
  return states
}

/** For each day the places of which another thing is said than the day before. */
function changesOf(places) {
  const found = new Map()
  for (const place of places)
    for (const state of place.states)
      if (state.turn) found.set(state.start, [...(found.get(state.start) ?? []), place])
  return found
}

function polygonsOf(polygons) {
  return polygons.map((rings) =>
    rings.map((steps) => {
      const ring = []
      let [x, y] = [0, 0]
      for (let at = 0; at < steps.length; at += 2) ring.push([(x += steps[at]) / 1000, (y += steps[at + 1]) / 1000])
      return ring
    }),
  )
}

export function stateOn(place, day) {
  let [low, high] = [0, place.states.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (place.states[middle].start <= day) low = middle + 1
    else high = middle
  }
  return place.states[low - 1] ?? null
}

export const ageOf = (state, day) => Math.max(0, day - state.newest)

export const confidenceOf = (state, day, data) => state.chance * 0.5 ** (ageOf(state, day) / data.halfLife)

export function basisOf(state, day, data) {
  if (state.outright === null || !state.sides.length) return 'inferred'
  return day - state.outright <= data.asserted ? 'asserted' : 'carried'
}

const DAY = 86400000

export function dayOf(data, iso) {
  return Math.round((Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${data.day0}T00:00:00Z`)) / DAY)
}

export function dateOf(data, day) {
  return new Date(Date.parse(`${data.day0}T00:00:00Z`) + day * DAY)
}

export const isoOf = (data, day) => dateOf(data, day).toISOString().slice(0, 10)
