/** Types of what comes down the live socket: made by scripts/write_events from realtime/events/. */
/**
 * @typedef {Object} AccountRow
 * @property {string} number
 * @property {string} plan
 * @property {string} service_state
 * @property {string} service_address
 * @property {string|null} cut_off_date
 * @property {string|null} extension_until
 * @property {string|null} balance
 * @property {number} id
 */
/**
 * @typedef {Object} AgentGone
 * @property {"agent.gone"} type
 * @property {string} id
 * @property {string} at
 * @property {PersonRow} agent
 * @property {number|null} [case_number]
 */
/**
 * @typedef {Object} AgentOverran
 * @property {"agent.overran"} type
 * @property {string} id
 * @property {string} at
 * @property {PersonRow} agent
 */
/**
 * @typedef {Object} AgentStateChanged
 * @property {"agent.state_changed"} type
 * @property {string} id
 * @property {string} at
 * @property {PersonRow} agent
 * @property {string|null} [healed]
 */
/**
 * @typedef {Object} AppointmentDue
 * @property {"appointment.due"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 * @property {number} appointment_id
 */
/**
 * @typedef {Object} CallAnswered
 * @property {"call.answered"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallAsked
 * @property {"call.asked"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallEnded
 * @property {"call.ended"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallFailed
 * @property {"call.failed"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} reason
 * @property {string} words
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallMatched
 * @property {"call.matched"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallRinging
 * @property {"call.ringing"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CallRow
 * @property {string} id
 * @property {number} version
 * @property {"dialing"|"waiting"|"ringing"|"talking"|"outside"|"ended"} phase
 * @property {string} direction
 * @property {string} caller_id
 * @property {string} caller_shown
 * @property {string} caller_name
 * @property {string|null} queue
 * @property {CampaignRef|null} campaign
 * @property {CustomerRef|null} customer
 * @property {CallerMatch[]} matches
 * @property {CaseRow|null} case
 * @property {Named|null} agent
 * @property {number[]} ringing
 * @property {number[]} talking
 * @property {string} started_at
 * @property {string|null} [rang_at]
 * @property {string|null} answered_at
 * @property {string|null} ended_at
 * @property {string|null} [outcome]
 */
/**
 * @typedef {Object} CallerMatch
 * @property {CustomerRef} customer
 * @property {AccountRow|null} account
 * @property {string|null} service_state
 * @property {number|null} case_number
 * @property {string|null} case_agent
 * @property {Contact|null} last_contact
 * @property {string} why
 */
/**
 * @typedef {Object} CampaignChanged
 * @property {"campaign.changed"} type
 * @property {string} id
 * @property {string} at
 * @property {Object<string, *>} campaign
 * @property {number} version
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CampaignRef
 * @property {number} id
 * @property {string} name
 * @property {number} priority
 */
/**
 * @typedef {Object} CaseAssigned
 * @property {"case.assigned"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseCampaign
 * @property {number} id
 * @property {string} name
 * @property {number} priority
 * @property {"self"|"directed"|"mixed"} assignment_mode
 */
/**
 * @typedef {Object} CaseClosed
 * @property {"case.closed"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseCreated
 * @property {"case.created"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseLeft
 * @property {"case.left"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseMoved
 * @property {"case.moved"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseOpened
 * @property {"case.opened"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} CaseRow
 * @property {number} number
 * @property {number} version
 * @property {"open"|"suspended"|"closed"} status
 * @property {boolean} final
 * @property {CaseCampaign} campaign
 * @property {CustomerRef} customer
 * @property {PhoneRow[]} phones
 * @property {AccountRow|null} account
 * @property {string} service_state
 * @property {Named|null} agent
 * @property {string|null} assigned_at
 * @property {string|null} assigned_by
 * @property {HolderRef|null} holder
 * @property {"urgent"|"high"|"normal"|"low"} priority
 * @property {Pressure} pressure
 * @property {string|null} next_contact_at
 * @property {number|null} next_contact_agent_id
 * @property {Contact|null} last_contact
 * @property {string|null} rotated_at
 * @property {string|null} last_result
 * @property {string|null} next_phone
 * @property {string} why
 * @property {string} created_at
 * @property {string|null} closed_at
 */
/**
 * @typedef {Object} CaseUnassigned
 * @property {"case.unassigned"} type
 * @property {string} id
 * @property {string} at
 * @property {CaseRow} case
 * @property {number|null} [former_agent_id]
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} Contact
 * @property {string} at
 * @property {string} channel
 * @property {string} outcome
 */
/**
 * @typedef {Object} ContactPressureChanged
 * @property {"contact.pressure_changed"} type
 * @property {string} id
 * @property {string} at
 * @property {CustomerRef} customer
 * @property {string} channel
 * @property {Pressure} pressure
 * @property {CaseRow[]} cases
 */
/**
 * @typedef {Object} CustomerCorrected
 * @property {"customer.corrected"} type
 * @property {string} id
 * @property {string} at
 * @property {CustomerRef} customer
 * @property {number} version
 * @property {CaseRow[]} cases
 */
/**
 * @typedef {Object} CustomerRang
 * @property {"call.customer_rang"} type
 * @property {string} id
 * @property {string} at
 * @property {CallRow} call
 * @property {number[]} agents
 * @property {string} call_id
 * @property {string} direction
 * @property {string} caller_id
 * @property {CustomerRef|null} customer
 * @property {CaseRow|null} case
 * @property {CampaignRef|null} campaign
 */
/**
 * @typedef {Object} CustomerRef
 * @property {number} id
 * @property {string} name
 * @property {string} document
 */
/**
 * @typedef {Object} DayCounted
 * @property {"day.counted"} type
 * @property {string} id
 * @property {string} at
 * @property {number} agent_id
 * @property {number} version
 * @property {number} assigned
 * @property {number} dispositions
 * @property {number} effective
 * @property {number|null} mean_seconds
 */
/**
 * @typedef {Object} HolderRef
 * @property {number} id
 * @property {string} name
 * @property {string} since
 */
/**
 * @typedef {Object} ImportProgressed
 * @property {"import.progressed"} type
 * @property {string} id
 * @property {string} at
 * @property {Object<string, *>} job
 */
/**
 * @typedef {Object} ListChanged
 * @property {"list.changed"} type
 * @property {string} id
 * @property {string} at
 * @property {string} scope
 * @property {string} reason
 * @property {number} count
 * @property {Named|null} [by]
 * @property {string[]} audience
 */
/**
 * @typedef {Object} Medium
 * @property {number} count
 * @property {number} level
 * @property {string[]} times
 * @property {[number, number, number]} thresholds
 */
/**
 * @typedef {Object} Named
 * @property {number} id
 * @property {string} name
 */
/**
 * @typedef {Object} PbxBack
 * @property {"pbx.back"} type
 * @property {string} id
 * @property {string} at
 * @property {string} pbx
 * @property {string} since
 * @property {number} version
 */
/**
 * @typedef {Object} PbxLost
 * @property {"pbx.lost"} type
 * @property {string} id
 * @property {string} at
 * @property {string} pbx
 * @property {string} since
 * @property {number} version
 */
/**
 * @typedef {Object} PersonRow
 * @property {number} id
 * @property {number} version
 * @property {string} username
 * @property {string} name
 * @property {string} role
 * @property {"offline"|"waiting"|"handling"|"wrap_up"|"paused"} state
 * @property {string|null} reason
 * @property {number|null} reason_limit_seconds
 * @property {string} since
 * @property {"none"|"ringing"|"talking"|"held"} call
 * @property {string|null} call_id
 * @property {string|null} call_since
 * @property {number|null} case_number
 * @property {string|null} pending_reason
 * @property {string|null} wrap_up_until
 * @property {string} phone
 * @property {string|null} extension
 */
/**
 * @typedef {Object} PhoneRow
 * @property {number} id
 * @property {string} kind
 * @property {string} value
 * @property {string} shown
 */
/**
 * @typedef {Object} Pressure
 * @property {number} window_days
 * @property {[number, number, number]} total_thresholds
 * @property {Medium} call
 * @property {Medium} whatsapp
 * @property {Medium} sms
 * @property {Medium} email
 * @property {number} total
 * @property {number} level
 * @property {string[]} refused
 * @property {Object<string, RefusalRow>} refusals
 */
/**
 * @typedef {Object} RefusalRow
 * @property {string} code
 * @property {string} rule
 * @property {string|null} since
 * @property {string|null} until
 * @property {string|null} again
 * @property {Named|null} pack
 * @property {Object<string, string|number>} values
 */
/**
 * @typedef {Object} RightsChanged
 * @property {"rights.changed"} type
 * @property {string} id
 * @property {string} at
 * @property {number} user_id
 * @property {boolean} [signed_out]
 * @property {boolean} [others_only]
 */
/**
 * @typedef {Object} RulePackChanged
 * @property {"rule_pack.changed"} type
 * @property {string} id
 * @property {string} at
 * @property {Object<string, *>} pack
 * @property {number} version
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} SectionsCounted
 * @property {"sections.counted"} type
 * @property {string} id
 * @property {string} at
 * @property {number} campaign_id
 * @property {number} version
 * @property {Object<string, number>} counts
 */
/**
 * @typedef {Object} TabTaken
 * @property {"tab.taken"} type
 * @property {string} id
 * @property {string} at
 * @property {number} user_id
 * @property {string} tab
 */
/**
 * @typedef {Object} UserAccountRow
 * @property {number} id
 * @property {string} name
 * @property {number} user_version
 * @property {string} username
 * @property {string} role
 * @property {string|null} extension
 * @property {boolean} active
 * @property {boolean} has_password
 */
/**
 * @typedef {Object} UserChanged
 * @property {"user.changed"} type
 * @property {string} id
 * @property {string} at
 * @property {UserAccountRow} user
 * @property {number} version
 * @property {Named|null} [by]
 */
/**
 * @typedef {Object} WallboardFigures
 * @property {"wallboard.figures"} type
 * @property {string} id
 * @property {string} at
 * @property {Object<string, *>} figures
 */
/**
 * @typedef {Object} HelloFrame
 * @property {"hello"} type
 * @property {string} at
 * @property {string} [cursor]
 * @property {Object<string, *>} [user]
 * @property {boolean} [active]
 */
/**
 * @typedef {Object} PongFrame
 * @property {"pong"} type
 * @property {string} at
 */
/**
 * @typedef {Object} ResyncFrame
 * @property {"resync"} type
 * @property {string} id
 */
/**
 * @typedef {Object} StreamLostFrame
 * @property {"stream.lost"} type
 */
/**
 * @typedef {(
 *   AgentGone
 *   | AgentOverran
 *   | AgentStateChanged
 *   | AppointmentDue
 *   | CallAnswered
 *   | CallAsked
 *   | CustomerRang
 *   | CallEnded
 *   | CallFailed
 *   | CallMatched
 *   | CallRinging
 *   | CampaignChanged
 *   | CaseAssigned
 *   | CaseClosed
 *   | CaseCreated
 *   | CaseLeft
 *   | CaseMoved
 *   | CaseOpened
 *   | CaseUnassigned
 *   | ContactPressureChanged
 *   | CustomerCorrected
 *   | DayCounted
 *   | ImportProgressed
 *   | ListChanged
 *   | PbxBack
 *   | PbxLost
 *   | RightsChanged
 *   | RulePackChanged
 *   | SectionsCounted
 *   | TabTaken
 *   | UserChanged
 *   | WallboardFigures
 * )} LiveEvent
 */
/** @typedef {LiveEvent["type"]} EventType */
export {};
