/** The export `greet: func(name: string) -> string`. */
export function greet(name) {
  return `Hello, ${name}!`;
}
