export function decisionsSearch() {
  return {}
}
