/** The clinic's logo and colour. */
export const brand = {
  "brand.lead": "Aparecem para o paciente nas páginas, nos e-mails e na declaração de comparecimento.",
  "brand.logo": "Logotipo",
  "brand.logo.none": "Nenhum: aparece o símbolo do programa.",
  "brand.logo.choose": "Escolher imagem",
  "brand.logo.hint": "PNG ou JPEG. É redesenhada para caber em 480 × 160 pontos; SVG não é aceito.",
  "brand.logo.remove": "Remover o logotipo",
  "brand.colour": "Cor",
  "brand.colour.choose": "Cor principal",
  "brand.colour.hint":
    "Palavras brancas sobre ela, e ela sobre o fundo da página, precisam ser legíveis (contraste de 4,5:1). Para o modo escuro ela é clareada sozinha.",
  "brand.colour.own": "Voltar à cor do programa",
  "code.brand_contrast": "Esta cor não dá contraste suficiente",
  "code.brand_contrast.next": "Escolha um tom mais escuro: as letras sobre ele são brancas.",
  "code.brand_not_a_logo": "Este arquivo não serve de logotipo",
  "code.brand_not_a_logo.next": "Use uma imagem PNG ou JPEG.",
} as const;
