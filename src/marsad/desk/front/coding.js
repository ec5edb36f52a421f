/* The form of a claim: another row when the last is filled, and the places that a name can mean while it is written. */
const WAIT = 200 // milliseconds after the last letter

for (const form of document.querySelectorAll('form.coding')) {
  form.addEventListener('input', (event) => grow(event.target.closest('.line')))
  form.addEventListener('change', (event) => {
    if (event.target.name === 'places.id') tell(event.target)
    if (event.target.name === 'places.text') look(form, event.target.closest('.line'), event.target.value)
  })
  let waiting
  form.addEventListener('input', (event) => {
    if (event.target.name !== 'places.named') return
    clearTimeout(waiting)
    waiting = setTimeout(() => look(form, event.target.closest('.line'), event.target.value), WAIT)
  })
}

/** Tell all of what a choice says: there is no room for it in the choice itself. */
function tell(choice) {
  choice.closest('.line').querySelector('output').textContent = choice.value ? choice.selectedOptions[0].textContent : ''
}

for (const choice of document.querySelectorAll('[name="places.id"]')) tell(choice)

/** Add an empty row behind the last one of a list as soon as something is written in it. */
function grow(line) {
  const list = line?.closest('[data-list]')
  if (!list || line !== list.lastElementChild || ![...line.querySelectorAll('input')].some((each) => each.value.trim())) return
  const next = line.cloneNode(true)
  for (const field of next.querySelectorAll('input')) field.value = ''
  for (const field of next.querySelectorAll('select')) field.selectedIndex = 0
  for (const output of next.querySelectorAll('output')) output.textContent = ''
  list.append(next)
}

/** Fill the choice of a row with the places of a name, and choose the likeliest. */
async function look(form, line, name) {
  if (!name.trim()) return choose(line, [])
  const asked = new URLSearchParams({ q: name, report: form.dataset.report })
  const answer = await fetch(`/places?${asked}`)
  if (answer.ok) choose(line, await answer.json())
}

function choose(line, places) {
  const [choice, named] = [line.querySelector('select'), line.querySelector('[name="places.named"]')]
  choice.replaceChildren(new Option('—', ''), ...places.map((place) => new Option(told(place), place.id)))
  choice.selectedIndex = places.length ? 1 : 0
  tell(choice)
  if (places.length && !named.value.trim()) named.value = places[0].name
}

const told = ({ name, kind, area, country, lat, lon, why }) =>
  [name, kind, area, country, lat === null ? '' : `${lat.toFixed(3)}, ${lon.toFixed(3)}`].filter(Boolean).join(' · ') + (why ? ` — ${why}` : '')
