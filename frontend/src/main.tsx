import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { firstWords } from "./i18n";
import { firstPage, Routes } from "./routes";

const root = document.getElementById("root");
if (root) {
  void Promise.all([firstPage(location.pathname), firstWords()]).then(() =>
    createRoot(root).render(
      <StrictMode>
        <Routes />
      </StrictMode>,
    ),
  );
}
