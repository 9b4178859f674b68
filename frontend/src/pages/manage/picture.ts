/** As the server draws it again, and below what one request may hold. */
const BOX = { width: 480, height: 160 };
const LARGEST_BASE64 = 60_000;

/**
 * The picture as a PNG (JPEG when that is too large) that fits the box of a logo, in Base64. Fails for what the browser
 * cannot read.
 */
export async function smallPicture(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, BOX.width / picture.width, BOX.height / picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const drawn = canvas.getContext("2d");
  if (!drawn) throw new Error("no canvas");
  drawn.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const png = base64(canvas.toDataURL("image/png"));
  if (png.length <= LARGEST_BASE64) return png;
  drawn.globalCompositeOperation = "destination-over";
  drawn.fillStyle = "#fff";
  drawn.fillRect(0, 0, canvas.width, canvas.height);
  return base64(canvas.toDataURL("image/jpeg", 0.85));
}

const base64 = (address: string) => address.slice(address.indexOf(",") + 1);
