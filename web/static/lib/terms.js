/** Terms that screens show: made by scripts/write_terms from the tables named below; do not edit. */
import { _ } from "./gettext.js";

/**
 * @typedef {Object} ChannelTerms
 * @property {string} icon
 * @property {string[]} reaches
 * @property {string} name
 * @property {string} plural
 * @property {string} noun
 * @property {string} register
 * @property {string} use
 * @property {(values: Record<string, unknown>) => string} cannot
 */

/**
 * The channels by which a customer is contacted: models/contact/channels.py.
 * @type {Record<string, ChannelTerms>}
 */
export const CHANNELS = {
  call: {
    icon: "phone",
    reaches: ["mobile", "landline"],
    name: _("Llamada"),
    plural: _("Llamadas"),
    noun: _("llamada"),
    register: _("Registrar llamada"),
    use: _("Registrar llamada"),
    cannot: (values) => _("No se puede llamar a %(name)s", values),
  },
  whatsapp: {
    icon: "wa",
    reaches: ["mobile", "landline"],
    name: _("WhatsApp"),
    plural: _("WhatsApp"),
    noun: _("WhatsApp"),
    register: _("Registrar WhatsApp"),
    use: _("Usar WhatsApp"),
    cannot: (values) => _("No se puede escribir por WhatsApp a %(name)s", values),
  },
  sms: {
    icon: "sms",
    reaches: ["mobile"],
    name: _("SMS"),
    plural: _("SMS"),
    noun: _("SMS"),
    register: _("Registrar SMS"),
    use: _("Usar SMS"),
    cannot: (values) => _("No se puede enviar SMS a %(name)s", values),
  },
  email: {
    icon: "mail",
    reaches: ["email"],
    name: _("Correo"),
    plural: _("Correos"),
    noun: _("correo"),
    register: _("Registrar correo"),
    use: _("Usar correo"),
    cannot: (values) => _("No se puede enviar correo a %(name)s", values),
  },
};

/**
 * @typedef {Object} ContactKindTerms
 * @property {string} icon
 * @property {string} name
 */

/**
 * The kinds of contact data: models/contact/channels.py.
 * @type {Record<string, ContactKindTerms>}
 */
export const CONTACT_KINDS = {
  mobile: {
    icon: "phone",
    name: _("Celular"),
  },
  landline: {
    icon: "phone",
    name: _("Fijo"),
  },
  email: {
    icon: "mail",
    name: _("Correo"),
  },
  address: {
    icon: "flag",
    name: _("Dirección"),
  },
  social: {
    icon: "user",
    name: _("Red social"),
  },
};

/**
 * Why a rule refuses a contact: models/contact/rule_kinds.py.
 * @type {Record<string, (values: Record<string, unknown>) => string>}
 */
export const RULE_SENTENCES = {
  hours: (values) => _("En la hora del cliente ese día se permite de %(hours)s.", values),
  day: (values) => _("No se permite los %(weekday)s.", values),
  holiday: (values) => _("Para el cliente es festivo: %(holiday)s.", values),
  daily: (values) => _("Contactos de hoy por este medio: %(count)s; el tope es %(limit)s.", values),
  "daily-total": (values) => _("Contactos de hoy por todos los medios: %(count)s; el tope es %(limit)s.", values),
  weekly: (values) => _("Contactos en 7 días por este medio: %(count)s; el tope es %(limit)s.", values),
  "weekly-total": (values) => _("Contactos en 7 días por todos los medios: %(count)s; el tope es %(limit)s.", values),
  media: (values) => _("En 7 días ya se usaron otros medios; el tope es %(limit)s.", values),
  pause: (values) => _("Entre dos contactos por este medio deben pasar %(minutes)s minutos.", values),
  "pause-total": (values) => _("Entre dos contactos por cualquier medio deben pasar %(minutes)s minutos.", values),
  "do-not-contact": (values) => _("El cliente pidió que no se lo contacte por este medio.", values),
};

/**
 * As they follow "los", Monday first: models/contact/rule_kinds.py.
 * @type {string[]}
 */
export const WEEKDAYS = [
  _("lunes"),
  _("martes"),
  _("miércoles"),
  _("jueves"),
  _("viernes"),
  _("sábados"),
  _("domingos"),
];

/**
 * @typedef {Object} ServiceStateTerms
 * @property {string} icon
 * @property {string} hue
 * @property {string} name
 */

/**
 * The states of a service: models/customers/service_states.py.
 * @type {Record<string, ServiceStateTerms>}
 */
export const SERVICE_STATES = {
  active: {
    icon: "check",
    hue: "green",
    name: _("Activo"),
  },
  suspended: {
    icon: "pause",
    hue: "amber",
    name: _("Suspendido"),
  },
  in_arrears: {
    icon: "coin",
    hue: "red",
    name: _("Moroso"),
  },
  withdrawn: {
    icon: "exit",
    hue: "grey",
    name: _("Retirado"),
  },
};

/**
 * The section of an open case, by the state of its service: models/cases/sections.py.
 * @type {Record<string, string>}
 */
export const SECTION_OF = {
  active: "active",
  suspended: "suspended",
  in_arrears: "arrears",
  withdrawn: "withdrawn",
};

/**
 * @typedef {Object} PriorityTerms
 * @property {number} rank
 * @property {string} icon
 * @property {string} hue
 * @property {string} name
 */

/**
 * The priorities of a case, first in the order first: models/cases/priorities.py.
 * @type {Record<string, PriorityTerms>}
 */
export const PRIORITIES = {
  urgent: {
    rank: 1,
    icon: "alert",
    hue: "red",
    name: _("Urgente"),
  },
  high: {
    rank: 2,
    icon: "up",
    hue: "amber",
    name: _("Alta"),
  },
  normal: {
    rank: 3,
    icon: "right",
    hue: "",
    name: _("Normal"),
  },
  low: {
    rank: 4,
    icon: "down",
    hue: "",
    name: _("Baja"),
  },
};

/**
 * Why a call did not come about, by its reason: models/calls/failures.py.
 * @type {Record<string, string>}
 */
export const CALL_FAILURES = {
  busy: _("El número está ocupado."),
  no_answer: _("El cliente no contestó."),
  declined: _("El cliente rechazó la llamada."),
  no_such_number: _("Ese número no existe."),
  unreachable: _("El teléfono está apagado o fuera de cobertura."),
  congestion: _("No hay líneas libres. Intente de nuevo en un momento."),
  cancelled: _("Se colgó antes de que el cliente contestara."),
  agent_no_answer: _("Su teléfono sonó y no se contestó: no se llamó al cliente."),
  agent_declined: _("Su teléfono rechazó la llamada: no se llamó al cliente."),
  agent_unavailable: _("Su teléfono no está conectado a la central: no se llamó al cliente."),
  refused: _("La central telefónica no aceptó la llamada."),
  pbx_lost: _("La central telefónica no responde: no se llamó al cliente."),
  expired: _("La central telefónica tardó demasiado: no se llamó al cliente."),
  lost: _("No se supo más de la llamada."),
  failed: _("La llamada no se pudo hacer."),
};

/**
 * @typedef {Object} ResultActionTerms
 * @property {string} icon
 * @property {string} name
 * @property {string} effect
 * @property {string} form_icon
 * @property {string} on_save
 * @property {string} afterwards
 * @property {boolean} closes
 */

/**
 * The actions of a result: models/campaigns/result_actions.py.
 * @type {Record<string, ResultActionTerms>}
 */
export const RESULT_ACTIONS = {
  redial: {
    icon: "refresh",
    name: _("Rellamar"),
    effect: _("vuelve al final de la lista con el mismo teléfono."),
    form_icon: "refresh",
    on_save: _("Al guardar: rellamar."),
    afterwards: _("Va al final de la lista, mismo teléfono."),
    closes: false,
  },
  redial_alternative: {
    icon: "swap",
    name: _("Rellamar alternativo"),
    effect: _("vuelve al final de la lista con el siguiente teléfono."),
    form_icon: "refresh",
    on_save: _("Al guardar: rellamar alternativo."),
    afterwards: _("Va al final de la lista, con el teléfono siguiente."),
    closes: false,
  },
  none: {
    icon: "minus",
    name: _("Sin acción"),
    effect: _("al finalizar, el caso se cierra con este resultado."),
    form_icon: "check",
    on_save: _("Al guardar: se finaliza."),
    afterwards: _("El caso se cierra con este resultado."),
    closes: true,
  },
  never_again: {
    icon: "no",
    name: _("No volver a llamar"),
    effect: _("se cierran las llamadas a este cliente."),
    form_icon: "no",
    on_save: _("Al guardar: no volver a llamar."),
    afterwards: _("El caso se cierra y las llamadas se bloquean."),
    closes: true,
  },
};
