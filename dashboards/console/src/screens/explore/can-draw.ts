/** Whether this browser draws by WebGL, which the picture needs; the table needs nothing. */
export function canDraw(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  // Browsers keep few of them at a time.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}
