/* Keys for reviewing: a key presses the button whose data-key names it, in either script, unless somebody is writing. */
const WRITES = new Set(['INPUT', 'TEXTAREA', 'SELECT'])
const IS_TICKED = new Set(['checkbox', 'radio'])
let isOnItsWay = false

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') return leave(event.target)
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isOnItsWay || isWritten(event.target)) return
  const meant = [...document.querySelectorAll('[data-key]')].find((each) => each.dataset.key.split(' ').includes(event.key.toLowerCase()))
  if (!meant) return
  event.preventDefault()
  press(meant)
})

const isWritten = (element) => WRITES.has(element.tagName) && !IS_TICKED.has(element.type)

/** What is decided once is not decided again while the next page comes: a key pressed twice means one claim. */
document.addEventListener('submit', (event) => {
  if (isOnItsWay) event.preventDefault()
  isOnItsWay ||= !event.defaultPrevented
})
window.addEventListener('pageshow', () => (isOnItsWay = false))

/** Press what a key means; a correction begins in the first field of its form. */
function press(meant) {
  meant.click()
  const opened = meant.closest('details')
  if (opened?.open) opened.querySelector('select, input:not([type=hidden])')?.focus()
}

/** Leave a field, and close the form around it, so that keys decide again. */
function leave(field) {
  field.blur?.()
  const form = field.closest?.('details.correct')
  if (form) form.open = false
}

/** A rejection says why: without a reason the field for it is where one writes next, and Enter then rejects. */
for (const form of document.querySelectorAll('form.decide')) {
  const reason = form.querySelector('[name=reason]')
  const reject = form.querySelector('[value=reject]')
  form.addEventListener('submit', (event) => {
    if (event.submitter?.value !== 'reject' || reason.value.trim()) return
    event.preventDefault()
    reason.focus()
  })
  reason.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    reject.click()
  })
}
