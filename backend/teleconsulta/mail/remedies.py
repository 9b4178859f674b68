"""What a test found that would keep somebody from the consultation, and the one thing to do: for letters."""

from __future__ import annotations

from collections.abc import Mapping

from teleconsulta.kernel.causes import Cause
from teleconsulta.kernel.languages import Language

# Only what a test can find, and what is grave: everything else changes no letter.
REMEDIES: Mapping[Language, Mapping[Cause, str]] = {
    "pt-BR": {
        "permission_denied": "o navegador não tem permissão para usar a câmera ou o microfone. Toque no cadeado ao "
        "lado do endereço e permita os dois.",
        "permission_denied_by_system": "o aparelho não deixa o navegador usar câmera ou microfone. Permita os dois nos "
        "ajustes do aparelho.",
        "microphone_busy": "o microfone estava em uso por outro aplicativo. Feche-o antes da consulta.",
        "no_device": "não encontramos câmera ou microfone. Conecte-os ou use um celular.",
        "device_lost": "o equipamento foi desconectado. Conecte-o outra vez.",
        "device_failed": "a câmera ou o microfone não abriu. Feche outros aplicativos que usam vídeo.",
        "silent_microphone": "o microfone não captou som. Veja se ele está mudo e fale perto dele.",
        "silent_speaker": "você não ouviu o som do teste. Aumente o volume e tire o aparelho do modo silencioso.",
        "in_app_browser": "o link foi aberto dentro de outro aplicativo. Abra-o no Chrome ou no Safari.",
        "insecure_origin": "a página não foi aberta por um endereço seguro. Use o link deste e-mail.",
        "unsupported_browser": "o navegador não faz chamadas de vídeo. Use Chrome, Safari, Firefox ou Edge atualizado.",
        "websocket_blocked": "a sua rede bloqueia a ligação com a clínica. Use o 4G do celular ou outra rede Wi-Fi.",
        "relay_unreachable": "a sua rede bloqueia vídeo. Use o 4G do celular ou outra rede Wi-Fi.",
        "relay_refused": "o repetidor de vídeo recusou a sua rede. Avise a clínica antes da consulta.",
    },
    "en": {
        "permission_denied": "the browser may not use the camera or the microphone. Press the padlock beside the "
        "address and allow both.",
        "permission_denied_by_system": "the device does not let the browser use the camera or the microphone. Allow "
        "both in the device's settings.",
        "microphone_busy": "another app was using the microphone. Close it before the consultation.",
        "no_device": "we found no camera or no microphone. Connect them or use a phone.",
        "device_lost": "the equipment was disconnected. Connect it again.",
        "device_failed": "the camera or the microphone did not open. Close other apps that use video.",
        "silent_microphone": "the microphone picked up no sound. See whether it is muted, and speak close to it.",
        "silent_speaker": "you did not hear the test's sound. Turn up the volume and turn off silent mode.",
        "in_app_browser": "the link was opened inside another app. Open it in Chrome or Safari.",
        "insecure_origin": "the page was not opened at a secure address. Use the link in this e-mail.",
        "unsupported_browser": "the browser makes no video calls. Use an up-to-date Chrome, Safari, Firefox or Edge.",
        "websocket_blocked": "your network blocks the connection to the clinic. Use mobile data or another Wi-Fi.",
        "relay_unreachable": "your network blocks video. Use mobile data or another Wi-Fi network.",
        "relay_refused": "the video relay refused your network. Tell the clinic before the consultation.",
    },
    "es": {
        "permission_denied": "el navegador no tiene permiso para usar la cámara o el micrófono. Toque el candado junto "
        "a la dirección y permita los dos.",
        "permission_denied_by_system": "el aparato no deja que el navegador use la cámara o el micrófono. Permita los "
        "dos en los ajustes del aparato.",
        "microphone_busy": "otra aplicación usaba el micrófono. Ciérrela antes de la consulta.",
        "no_device": "no encontramos cámara o micrófono. Conéctelos o use un teléfono.",
        "device_lost": "el equipo se desconectó. Conéctelo otra vez.",
        "device_failed": "la cámara o el micrófono no se abrió. Cierre otras aplicaciones que usan video.",
        "silent_microphone": "el micrófono no captó sonido. Vea si está silenciado y hable cerca de él.",
        "silent_speaker": "usted no oyó el sonido de la prueba. Suba el volumen y quite el modo silencioso.",
        "in_app_browser": "el enlace se abrió dentro de otra aplicación. Ábralo en Chrome o en Safari.",
        "insecure_origin": "la página no se abrió en una dirección segura. Use el enlace de este correo.",
        "unsupported_browser": "el navegador no hace videollamadas. Use Chrome, Safari, Firefox o Edge actualizado.",
        "websocket_blocked": "su red bloquea la conexión con la clínica. Use datos móviles u otra red Wi-Fi.",
        "relay_unreachable": "su red bloquea el video. Use datos móviles u otra red Wi-Fi.",
        "relay_refused": "el repetidor de video rechazó su red. Avise a la clínica antes de la consulta.",
    },
}


def remedy(cause: Cause, language: Language) -> str | None:
    """The end of a sentence, without a capital; None for what a letter has nothing to say about."""
    return REMEDIES[language].get(cause)
