import { describe, expect, it } from 'vitest'
import { postgresLocation } from './postgres-location.js'

const SECRET = 'hunter2'

describe('postgresLocation', () => {
  it.each([
    [`postgres://ttp:${SECRET}@db.example.net/tags`, 'postgres://db.example.net:5432/tags'],
    [`postgresql://ttp:${SECRET}@192.0.2.7:6432/tags?sslmode=disable`, 'postgres://192.0.2.7:6432/tags'],
    [`postgres://ttp:${SECRET}%40%2F%23@[2001:db8::1]:5432/tags`, 'postgres://[2001:db8::1]:5432/tags'],
    [`postgres://ttp:${SECRET}%zz@db.example.net/tags`, 'postgres://db.example.net:5432/tags'],
    [`postgres://db.example.net/tags?user=ttp&password=${SECRET}`, 'postgres://db.example.net:5432/tags'],
    ['postgres:///tags?host=/var/run/postgresql', 'postgres://%2Fvar%2Frun%2Fpostgresql:5432/tags'],
  ])('shows where a URL points without its secrets', (url, location) => {
    expect(postgresLocation(url)).toBe(location)
  })

  it.each([
    `postgres:ttp:${SECRET}@db.example.net/tags`,
    `postgres://ttp:12/${SECRET}@db.example.net/tags`,
    `postgres://ttp:12?${SECRET}@db.example.net/tags`,
    `postgres://ttp:12#${SECRET}@db.example.net/tags`,
    `postgres://ttp:12#${SECRET}`,
    `postgres://ttp:${SECRET}@db.example.net:99999/tags`,
    `postgres://ttp:${SECRET}@db.example.net/tags?sslrootcert=/nowhere/${SECRET}`,
  ])('repeats nothing of a URL that it cannot read', (url) => {
    const reading = () => postgresLocation(url)
    expect(reading).toThrow(expect.objectContaining({ code: 'bad-url', cause: undefined }))
    expect(reading).not.toThrow(SECRET)
  })
})
