// The map: cells of places coloured by who holds them, governorates, signs and names of places.

import Feature from 'ol/Feature.js'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import { buffer, createEmpty, extend, isEmpty } from 'ol/extent.js'
import MultiPolygon from 'ol/geom/MultiPolygon.js'
import Point from 'ol/geom/Point.js'
import DragPan from 'ol/interaction/DragPan.js'
import KeyboardPan from 'ol/interaction/KeyboardPan.js'
import KeyboardZoom from 'ol/interaction/KeyboardZoom.js'
import MouseWheelZoom from 'ol/interaction/MouseWheelZoom.js'
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom.js'
import PinchZoom from 'ol/interaction/PinchZoom.js'
import VectorLayer from 'ol/layer/Vector.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import { Circle, Fill, Icon, RegularShape, Stroke, Style, Text } from 'ol/style.js'

import { ageOf, stateOn } from './data.js'
import { badge, colourOf, filling } from './emblems.js'
import { name, placeName } from './strings.js'

const SETTLED = new Set(['city', 'town', 'village', 'camp', 'neighbourhood', 'settlement'])
const AREAS = new Set(['admin1', 'admin2', 'admin3', 'region', 'country'])
// Where a sign with its letter has no room there is a dot, in a form of its own for each colour: corners, turned by.
const FORMS = {
  green: [3, 0],
  yellow: [4, 0],
  grey: [3, Math.PI],
  blue: [4, Math.PI / 4],
  violet: [5, 0],
  teal: [6, 0],
}
const css = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
const isSquare = (place) => place.site !== '' || !SETTLED.has(place.kind)

/** The extent of the points without the outermost at each edge. */
function middle(points) {
  const cut = (axis) => {
    const sorted = points.map((point) => point[axis]).sort((a, b) => a - b)
    const at = Math.floor(sorted.length * 0.05)
    return [sorted[at], sorted[sorted.length - 1 - at]]
  }
  const [[west, east], [south, north]] = [cut(0), cut(1)]
  return [west, south, east, north]
}

function formOf(side, look) {
  const form = FORMS[side?.emblem?.[0]]
  if (!form) return new Circle({ radius: side ? 4.2 : 2.5, ...look })
  return new RegularShape({ points: form[0], angle: form[1], radius: form[0] === 3 ? 6 : 5.2, ...look })
}

export class ControlMap {
  constructor(target, data, state, onPlace) {
    Object.assign(this, { data, state, onPlace, cache: new Map(), day: 0, news: new Set() })
    this.land = this.layer(this.borderFeatures(), (f) => this.landStyle(f), 0)
    this.cells = this.layer(this.cellFeatures(), (f) => this.cellStyle(f), 1)
    this.lines = this.layer(this.borderFeatures(), (f) => this.lineStyle(f), 2)
    this.dots = this.layer(this.pointFeatures(), (f) => this.dotStyle(f), 3)
    this.signs = this.layer(
      [...this.pointFeatures(), ...this.nameFeatures()],
      (f, r) => this.signStyle(f, r),
      4,
      true,
    )
    this.map = new OlMap({
      target,
      controls: [],
      layers: [this.land, this.cells, this.lines, this.dots, this.signs],
      interactions: [DragPan, MouseWheelZoom, DoubleClickZoom, PinchZoom, KeyboardPan, KeyboardZoom].map(
        (One) => new One(),
      ),
      view: new View({ minZoom: 4, maxZoom: 14, constrainResolution: false }),
    })
    this.fit(false)
    this.listen(target)
    for (const [event, isOn] of [
      ['beforeprint', true],
      ['afterprint', false],
    ])
      window.addEventListener(event, () => this.print(isOn))
  }

  layer(features, style, zIndex, declutter = false) {
    const renderOrder = declutter ? (a, b) => b.get('order') - a.get('order') : null
    return new VectorLayer({
      source: new VectorSource({ features, wrapX: false }),
      style,
      zIndex,
      declutter,
      renderOrder,
      updateWhileAnimating: true,
      updateWhileInteracting: true,
    })
  }

  borderFeatures() {
    return this.data.borders.map((border) => this.feature(border.polygons, { border }))
  }

  cellFeatures() {
    return this.data.held.filter((place) => place.cell).map((place) => this.feature(place.cell, { place }))
  }

  feature(polygons, told) {
    const drawn = polygons.map((rings) => rings.map((ring) => ring.map((point) => fromLonLat(point))))
    return new Feature({ geometry: new MultiPolygon(drawn), ...told })
  }

  pointFeatures() {
    return this.data.places
      .filter((place) => place.point && !AREAS.has(place.kind))
      .map((place) => {
        const [lon, lat] = place.point
        const order = place.weight + (place.states.length ? 100 : 0) - (place.site ? 60 : 0)
        return new Feature({ geometry: new Point(fromLonLat([lon / 1000, lat / 1000])), place, order })
      })
  }

  /** A point within the largest part of each governorate, for its name. */
  nameFeatures() {
    return this.land
      .getSource()
      .getFeatures()
      .map((f) => {
        const parts = f
          .getGeometry()
          .getPolygons()
          .sort((a, b) => b.getArea() - a.getArea())
        return new Feature({ geometry: parts[0].getInteriorPoint(), border: f.get('border'), order: -1 })
      })
  }

  /** Show where most is said; the few places far away do not count. Where nobody holds anything, all places count. */
  fit(smooth = true) {
    const isHeld = this.data.held.length > 0
    const told = this.dots
      .getSource()
      .getFeatures()
      .flatMap((f) => {
        const place = f.get('place')
        const weight = isHeld && !place.states.length ? 0 : 1 + Math.min(20, place.claims.length)
        return Array(weight).fill(f.getGeometry().getCoordinates())
      })
    const extent = createEmpty()
    if (told.length) extend(extent, middle(told))
    else
      this.land
        .getSource()
        .getFeatures()
        .forEach((f) => extend(extent, f.getGeometry().getExtent()))
    if (isEmpty(extent)) extend(extent, [...fromLonLat([30, 12]), ...fromLonLat([50, 38])])
    const padding = this.room()
    this.map.getView().fit(buffer(extent, 9000), { padding, maxZoom: 11, duration: smooth ? 250 : 0 })
  }

  print(isOn) {
    const extent = this.map.getView().calculateExtent()
    document.documentElement.classList.toggle('printing', isOn)
    this.map.updateSize()
    if (isOn) Object.assign(this, { before: this.map.getView().getResolution() }).map.getView().fit(extent)
    else this.map.getView().setResolution(this.before)
    this.map.renderSync()
  }

  /** Keep clear of the legend where it is open and the map is wide. */
  room() {
    const [legend, width] = [document.getElementById('legend'), this.map.getTargetElement().clientWidth]
    const beside = legend.open && width > 700 ? Math.min(legend.offsetWidth + 20, width / 3) : 50
    return this.state.lang === 'ar' ? [40, 50, 40, beside] : [40, beside, 40, 50]
  }

  listen(target) {
    const at = (pixel) =>
      this.map.forEachFeatureAtPixel(pixel, (f) => f.get('place'), {
        hitTolerance: 5,
        layerFilter: (layer) => layer === this.signs || layer === this.dots || layer === this.cells,
      })
    this.map.on('click', (event) => {
      const place = at(event.pixel)
      if (place) this.onPlace(place)
    })
    this.map.on('pointermove', (event) => {
      const place = event.dragging ? null : at(event.pixel)
      target.classList.toggle('over', Boolean(place))
      this.hover?.(place, event.pixel)
    })
  }

  show(day, news) {
    Object.assign(this, { day, news })
    this.redraw()
  }

  redraw() {
    for (const layer of [this.land, this.cells, this.lines, this.dots, this.signs]) layer.changed()
  }

  /** What was drawn for another theme or language is drawn anew. */
  forget() {
    this.cache.clear()
    this.redraw()
  }

  goTo(place) {
    if (!place.point || AREAS.has(place.kind)) return
    const [lon, lat] = place.point
    const view = this.map.getView()
    const [center, size] = [fromLonLat([lon / 1000, lat / 1000]), this.map.getSize()]
    const pixel = this.map.getPixelFromCoordinate(center)
    const inside =
      pixel && size && pixel[0] > 40 && pixel[1] > 40 && pixel[0] < size[0] - 40 && pixel[1] < size[1] - 40
    if (!inside) view.animate({ center, duration: 250 })
  }

  zoom(by) {
    this.map.getView().animate({ zoom: this.map.getView().getZoom() + by, duration: 200 })
  }

  /** Tell whether a place is open, or is where the open claim says. */
  isChosen(place) {
    const { place: id, claim } = this.state
    return claim ? Boolean(this.data.byId.get(claim)?.places.includes(place)) : place.id === id
  }

  kept(key, make) {
    if (!this.cache.has(key)) this.cache.set(key, make())
    return this.cache.get(key)
  }

  landStyle() {
    return this.kept('land', () => new Style({ fill: new Fill({ color: css('--land') }) }))
  }

  lineStyle(feature) {
    const border = feature.get('border')
    const chosen = border.id !== '' && border.id === this.state.place
    return this.kept(
      `line ${border.known} ${chosen}`,
      () =>
        new Style({
          stroke: new Stroke({
            color: css(chosen ? '--lit' : '--line'),
            width: chosen ? 3 : 1.2,
            lineDash: border.known ? undefined : [6, 5],
          }),
        }),
    )
  }

  areaStyle(border) {
    return this.kept(
      `area ${border.id} ${border.en} ${this.state.lang}`,
      () =>
        new Style({
          text: new Text({
            text: name(border).replace(/ Governorate$/, ''),
            font: '400 14px "IBM Plex Sans Arabic", sans-serif',
            fill: new Fill({ color: css('--soft') }),
            stroke: new Stroke({ color: css('--land'), width: 3 }),
          }),
        }),
    )
  }

  /** The older the evidence, the paler: half of it is gone after about six weeks. */
  alpha(state) {
    return Math.round((0.16 + 0.44 * 0.5 ** (ageOf(state, this.day) / 45)) * 20) / 20
  }

  cellStyle(feature) {
    const place = feature.get('place')
    const state = stateOn(place, this.day)
    if (!state || !state.sides.length) return undefined
    const [first, second] = state.sides
    const [alpha, chosen] = [this.alpha(state), this.isChosen(place)]
    return this.kept(`cell ${state.status} ${first.id} ${second?.id} ${alpha} ${chosen}`, () => {
      const isContested = state.status === 'contested'
      const isBesieged = state.status === 'besieged'
      const edge = chosen ? css('--lit') : isBesieged && second ? colourOf(second) : colourOf(first)
      return new Style({
        fill: new Fill({ color: filling(first, isContested ? second : null, alpha) }),
        zIndex: chosen ? 2 : isBesieged ? 1 : 0,
        stroke: new Stroke({
          color: edge,
          width: chosen ? 3 : isBesieged ? 2.5 : isContested ? 1.5 : 0.6,
          lineDash: !chosen && (isBesieged || isContested) ? [5, 4] : undefined,
        }),
      })
    })
  }

  dotStyle(feature) {
    const place = feature.get('place')
    const state = stateOn(place, this.day)
    const [news, chosen] = [this.news.has(place.n), this.isChosen(place)]
    if (!state && !news && !chosen) return undefined
    const side = state?.sides[0]
    const styles = [
      this.kept(
        `dot ${side?.id}`,
        () =>
          new Style({
            image: formOf(side, {
              fill: new Fill({ color: side ? colourOf(side) : css('--paper') }),
              stroke: new Stroke({ color: side ? css('--paper') : css('--soft'), width: 1.2 }),
            }),
          }),
      ),
    ]
    if (news || chosen)
      styles.push(
        this.kept(
          `ring ${chosen} ${Boolean(side)}`,
          () =>
            new Style({
              image: new Circle({
                radius: chosen ? 16 : side ? 12.5 : 7,
                stroke: new Stroke({ color: css(chosen ? '--lit' : '--news'), width: chosen ? 3 : 1.6 }),
              }),
            }),
        ),
      )
    return styles
  }

  signStyle(feature, resolution) {
    if (feature.get('border')) return resolution > 1500 ? undefined : this.areaStyle(feature.get('border'))
    const place = feature.get('place')
    const state = stateOn(place, this.day)
    const shown = (state && state.status !== 'unknown') || this.news.has(place.n) || this.isChosen(place)
    if (!shown) return undefined
    const label = this.labelStyle(place)
    return state && state.status !== 'unknown' ? [this.badgeStyle(place, state), label] : label
  }

  badgeStyle(place, state) {
    const { lang } = this.state
    const square = isSquare(place)
    return this.kept(
      `badge ${state.status} ${state.sides.map((s) => s.id)} ${square} ${Boolean(place.site)} ${lang}`,
      () =>
        new Style({
          image: new Icon({
            img: badge(state, { square, lang, radius: square ? 7 : 9 }),
            scale: 0.5,
            displacement: place.site ? [16, -4] : [0, 0],
          }),
        }),
    )
  }

  labelStyle(place) {
    return this.kept(
      `label ${place.n} ${this.state.lang}`,
      () =>
        new Style({
          text: new Text({
            text: placeName(place),
            font: `${place.weight >= 40 ? 600 : 400} 13px "IBM Plex Sans Arabic", sans-serif`,
            offsetY: 25,
            fill: new Fill({ color: css('--ink') }),
            stroke: new Stroke({ color: css('--paper'), width: 3.5 }),
          }),
        }),
    )
  }
}
