import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { firstPage, Routes } from "./routes";

const root = document.getElementById("root");
if (root) {
  void firstPage(location.pathname).then(() =>
    createRoot(root).render(
      <StrictMode>
        <Routes />
      </StrictMode>,
    ),
  );
}
