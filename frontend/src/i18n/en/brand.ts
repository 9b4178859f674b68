/** The clinic's logo and colour. */
export const brand = {
  "brand.lead": "Patients see them on pages, in e-mails and on the certificate of attendance.",
  "brand.logo": "Logo",
  "brand.logo.none": "None: the program’s sign is shown.",
  "brand.logo.choose": "Choose a picture",
  "brand.logo.hint": "PNG or JPEG. It is drawn anew to fit into 480 × 160 points; SVG is not taken.",
  "brand.logo.remove": "Remove the logo",
  "brand.colour": "Colour",
  "brand.colour.choose": "Main colour",
  "brand.colour.hint":
    "White words on it, and its words on the page, have to be readable (contrast of 4.5:1). In dark mode it is made lighter by itself.",
  "brand.colour.own": "Back to the program’s colour",
  "code.brand_contrast": "This colour has too little contrast",
  "code.brand_contrast.next": "Choose a darker one: words on it are white.",
  "code.brand_not_a_logo": "This file cannot be a logo",
  "code.brand_not_a_logo.next": "Use a PNG or JPEG picture.",
} as const;
