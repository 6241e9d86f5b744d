import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFieldsOfAnyHeader, sortedFields } from '../../../test/support/given-fields.js'
import { DOCKER_API_FIELDS, dockerApiFormat } from './docker-api-format.js'

const BODY = '{"Image":"alpine","Cmd":["sh","-c","id"]}'
const REQUEST = {
  timestamp: '2026-05-20T12:00:00Z',
  view_args: { catchall: 'v1.24/containers/create' },
  url: 'http://192.0.2.9:2375/v1.24/containers/create?name=a',
  headers: [
    ['Host', '192.0.2.9:2375'],
    ['User-Agent', 'Go-http-client/1.1'],
    ['Accept', 'a'],
    ['Accept', 'b'],
  ],
  method: 'POST',
  source: '198.51.100.12',
  data: Buffer.from(BODY).toString('base64'),
}

const decode = (more: object) => decodeLine(dockerApiFormat, JSON.stringify({ ...REQUEST, ...more }))
const eventsOf = (more: object = {}) => eventsOfLine(dockerApiFormat, JSON.stringify({ ...REQUEST, ...more }))

describe('the decoder of logs of the Docker API', () => {
  it('gives the whole request', () => {
    const events = eventsOf()
    expect(events).toMatchObject([
      {
        sourceKind: 'http_request',
        outcome: 'attempted',
        sourceIp: '198.51.100.12',
        sessionId: null,
        deckyId: null,
        observedAt: new Date('2026-05-20T12:00:00Z'),
      },
    ])
    expect(events[0]?.payload).toEqual({
      method: 'POST',
      path: '/v1.24/containers/create',
      query: 'name=a',
      raw_url: '/v1.24/containers/create?name=a',
      host: '192.0.2.9:2375',
      user_agent: 'Go-http-client/1.1',
      headers: { host: '192.0.2.9:2375', 'user-agent': 'Go-http-client/1.1', accept: 'a, b' },
      body: BODY,
    })
    expect(givenFieldsOfAnyHeader(events)).toEqual(sortedFields(DOCKER_API_FIELDS))
  })

  it('takes the hour that the file is named after, where a line tells no time', () => {
    const { timestamp: _, ...untimed } = REQUEST
    const line = Buffer.from(JSON.stringify(untimed))
    const decoder = dockerApiFormat.createDecoder({ sourceKinds: null, sourceName: 'dockerapi.2375.2026_05_20_11.log' })
    const decoded = decoder.decode(line, 0, line.length)
    expect(decoded).toMatchObject({ events: [{ observedAt: new Date('2026-05-20T11:00:00Z') }], warnings: [] })
  })

  it('takes `time` too, and warns where a line tells none', () => {
    const { timestamp, ...untimed } = REQUEST
    const line = JSON.stringify({ ...untimed, time: timestamp })
    expect(eventsOfLine(dockerApiFormat, line)[0]?.observedAt).toEqual(new Date(timestamp))
    expect(decodeLine(dockerApiFormat, JSON.stringify(untimed))).toMatchObject({
      kind: 'events',
      events: [{ observedAt: new Date(0), payload: { body: BODY } }],
      warnings: [{ code: 'missing-field' }],
    })
  })

  it.each([
    ['http://192.0.2.9:2375', '/'],
    ['http://192.0.2.9:2375/', '/'],
    ['https://192.0.2.9/a//b', '/a//b'],
    ['/plain', '/plain'],
    ['http://192.0.2.9?x', '?x'],
  ])('takes scheme and host off %s', (url, target) => {
    expect(eventsOf({ url })[0]?.payload.raw_url).toBe(target)
  })

  it.each([
    ['no method', { method: undefined }],
    ['a method that is none', { method: 7 }],
    ['no address', { source: '' }],
    ['neither address nor time', { source: 7, timestamp: undefined }],
    ['a time that is none', { timestamp: 'now' }],
  ])('refuses a line with %s', (_, more) => {
    expect(decode(more).kind).toBe('refused')
  })

  it('refuses a line that was cut off anywhere, and ignores it where no request is wanted', () => {
    const line = JSON.stringify(REQUEST)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(dockerApiFormat, line.slice(0, length)).kind).toBe('refused')
    }
    expect(decodeLine(dockerApiFormat, line, ['command']).kind).toBe('ignored')
  })

  it('leaves out what has the wrong type, and bears what is huge', () => {
    const events = eventsOf({ headers: [7, [1, 'x'], ['only'], ['X', 'y']], data: null })
    expect(events[0]?.payload.headers).toEqual({ x: 'y' })
    expect(events[0]?.payload).not.toHaveProperty('body')
    expect(decode({ url: 7 })).toMatchObject({ kind: 'events', warnings: [{ code: 'wrong-type' }] })
    expect(eventsOf({ data: 'QUFB'.repeat(250_000) })[0]?.payload.body).toHaveLength(750_000)
  })

  it('never throws', () => {
    const keys = fc.constantFrom('url', 'headers', 'data', 'timestamp', 'time', 'source', 'method')
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (more) => {
        const decoded = decode(more)
        for (const { sourceId } of decoded.kind === 'events' ? decoded.events : []) expect(sourceId).toHaveLength(36)
      }),
    )
  })
})
