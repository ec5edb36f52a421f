/* What is new is told at the edge of the page, with links: nothing that somebody reads is moved or changed by it. */
const news = document.getElementById('news')
const stream = new EventSource('/events')
// Of jobs that failed before one came to the page, the queue tells.
let failed

stream.addEventListener('news', (event) => {
  const told = JSON.parse(event.data)
  const links = []
  failed ??= told.jobs.failed ?? 0
  if (told.claims.count) links.push(link('claims', told.claims.count, `/arrived?after=${told.after}`))
  if (told.decisions.count) links.push(link('decisions', told.decisions.count, location.href))
  if (told.jobs.failed > failed) links.push(link('failed', told.jobs.failed - failed, '/intake#queue'))
  // Told aloud only when it says something else than before.
  const words = links.map((each) => each.textContent).join(' · ')
  if (words !== news.textContent) news.replaceChildren(...links.flatMap((each, n) => (n ? [' · ', each] : [each])))
})
addEventListener('pagehide', () => stream.close())

function link(what, count, to) {
  const made = document.createElement('a')
  made.href = to
  made.append(`${news.dataset[what]} ${count}`)
  return made
}
