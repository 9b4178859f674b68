import { expect, test } from "vitest";
import { blockedBy, causeOf, isInAppBrowser } from "./media-errors";

const CHROME = "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
const WEBVIEW =
  "Mozilla/5.0 (Linux; Android 14; Pixel; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0 Mobile Safari/537.36";
const INSTAGRAM =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300.0";
const IOS_WEBVIEW =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
const env = { secure: true, supported: true, userAgent: CHROME };

test.each([
  [CHROME, false],
  [SAFARI, false],
  [WEBVIEW, true],
  [INSTAGRAM, true],
  [IOS_WEBVIEW, true],
])("%s", (userAgent, expected) => expect(isInAppBrowser(userAgent)).toBe(expected));

test.each([
  ["all well", env, null],
  ["no TLS", { ...env, secure: false, supported: false }, "insecure_origin"],
  ["an old browser", { ...env, supported: false }, "unsupported_browser"],
  ["an app that withholds it", { ...env, supported: false, userAgent: WEBVIEW }, "in_app_browser"],
])("%s", (_, seen, cause) => expect(blockedBy(seen)).toBe(cause));

const error = (name: string, message = "") => Object.assign(new Error(message), { name });

test.each([
  ["a no", error("NotAllowedError", "Permission denied"), "permission_denied"],
  ["the system's no", error("NotAllowedError", "Permission denied by system"), "permission_denied_by_system"],
  ["closed the question", error("NotAllowedError", "Permission dismissed"), "permission_dismissed"],
  ["policy", error("SecurityError"), "permission_denied"],
  ["nothing there", error("NotFoundError"), "no_device"],
  ["in use", error("NotReadableError", "Could not start video source"), "camera_busy"],
  ["in use, by another word", error("AbortError"), "camera_busy"],
  ["cannot do that", error("OverconstrainedError"), "unsuitable_device"],
  ["anything else", error("TypeError"), "failed"],
  ["no error at all", null, "failed"],
  ["an empty one", {}, "failed"],
])("camera: %s", (_, thrown, cause) => expect(causeOf(thrown, "camera", env)).toBe(cause));

test("a microphone in use is its own cause", () => {
  expect(causeOf(error("NotReadableError"), "microphone", env)).toBe("microphone_busy");
});

test("a no inside another app is the app's", () => {
  expect(causeOf(error("NotAllowedError"), "camera", { ...env, userAgent: INSTAGRAM })).toBe(
    "in_app_browser",
  );
});
