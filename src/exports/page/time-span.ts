/** The first and the last of some moments, in milliseconds since 1970. */
export class TimeSpan {
  #first = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  get isEmpty(): boolean {
    return this.#first > this.#last
  }

  get first(): number {
    return this.#first
  }

  get last(): number {
    return this.#last
  }

  add(moment: number): void {
    if (moment < this.#first) this.#first = moment
    if (moment > this.#last) this.#last = moment
  }
}
