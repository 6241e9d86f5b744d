import { describe, expect, it } from 'vitest'
import { bodyPlace } from './body-place.js'

describe('bodyPlace', () => {
  it.each([
    ['a=1&b=2', 'application/x-www-form-urlencoded; charset=utf-8', 'form'],
    ['{"a":1}', 'application/vnd.api+json', 'json'],
    ['--b\r\nContent-Disposition: form-data; name="a"', 'multipart/form-data; boundary=b', 'text'],
    ['a=1', 'text/plain', 'text'],
  ])('believes the content type: %s as %s', (body, contentType, expected) => {
    expect(bodyPlace(body, contentType)).toBe(expected)
  })

  it.each([
    ['  {"a":1}', 'json'],
    ['["a"]', 'json'],
    ['<?xml version="1.0"?>', 'text'],
    ['--b\r\nContent-Disposition: form-data; name="a"', 'text'],
    ['a=1', 'form'],
    ['%3C%3Fphp', 'form'],
    ['two words', 'text'],
    ['', 'form'],
  ])('else looks: %s', (body, expected) => {
    expect(bodyPlace(body, '')).toBe(expected)
  })
})
