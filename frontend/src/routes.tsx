/** Every address of the app. */
export function Routes() {
  return null;
}
