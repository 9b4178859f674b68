/** The clinic's logo and colour. */
export const brand = {
  "brand.lead": "El paciente los ve en las páginas, en los correos y en el certificado de asistencia.",
  "brand.logo": "Logotipo",
  "brand.logo.none": "Ninguno: se muestra el símbolo del programa.",
  "brand.logo.choose": "Elegir imagen",
  "brand.logo.hint": "PNG o JPEG. Se vuelve a dibujar para caber en 480 × 160 puntos; no se acepta SVG.",
  "brand.logo.remove": "Quitar el logotipo",
  "brand.colour": "Color",
  "brand.colour.choose": "Color principal",
  "brand.colour.hint":
    "Las palabras blancas sobre él, y las suyas sobre la página, tienen que leerse bien (contraste de 4,5:1). Para el modo oscuro se aclara solo.",
  "brand.colour.own": "Volver al color del programa",
  "code.brand_contrast": "Este color no da suficiente contraste",
  "code.brand_contrast.next": "Elija uno más oscuro: las letras sobre él son blancas.",
  "code.brand_not_a_logo": "Este archivo no sirve de logotipo",
  "code.brand_not_a_logo.next": "Use una imagen PNG o JPEG.",
} as const;
