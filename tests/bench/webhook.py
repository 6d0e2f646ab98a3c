"""The generated events as a helpdesk sends them: 2.9 KB each, of which the rules want a dozen values.

The shape is that of Intercom's conversation notifications: most of it is of no
interest to the rules, some of it is null, the conversation's parts hold HTML.
SOURCE declares where the fields stand.
"""

import json

SOURCE = """
source helpdesk
  topic from topic
  id    from id
  at    from created_at
  on "conversation.user.replied" is lead.qualified
    conversation.id       from data.item.id
    conversation.tags     from data.item.tags.tags[*].name
    conversation.prompted from data.item.custom_attributes.prompted
    contact.email         from data.item.source.author.email
    contact.name          from data.item.source.author.name
    contact.country       from data.item.contacts.contacts[0].location.country_code
    company.name          from data.item.company.name
    company.size          from data.item.company.size
    lead.score            from data.item.custom_attributes.score
    lead.visits           from data.item.custom_attributes.visits
    lead.plan             from data.item.company.plan.name
    page.path             from data.item.source.url
    message.body          from data.item.conversation_parts.conversation_parts[-1].body as plain text
"""

BODY = ("<p>Hello, I would like to know your pricing: we are about to move to a larger office.</p>"
        "<p>Is there a plan for a team of our size, and could we talk about it on Thursday?</p>")


def author(event, number):
    """Who wrote; without a name where the event has none."""
    return {"type": "user", "id": f"6961d897719c606240{number:06x}", "name": event.get("name"), "email": event["email"]}


def part(event, number):
    """One message of the conversation."""
    return {"type": "conversation_part", "id": str(100000 + number), "part_type": "comment", "body": BODY,
            "created_at": 1763700000, "updated_at": 1763700001, "notified_at": 1763700001, "assigned_to": None,
            "author": author(event, number), "attachments": [], "external_id": None, "redacted": False,
            "metadata": {}, "email_message_metadata": None, "app_package_code": None}


def contact(event, number):
    """Whom the conversation is with."""
    return {"type": "contact", "id": f"6961d897719c606240{number:06x}", "role": "user",
            "external_id": "c3ca7689-a3c1-4a05-b81d-6cdf995cea85", "location": {
                "type": "location", "country_code": event["country"], "region": None, "city": None},
            "last_seen_at": 1763699000, "unsubscribed_from_emails": False, "browser": "chrome", "os": "Windows 10"}


def conversation(event, number):
    """What the notification is about."""
    attributes = {"score": event["score"], "visits": event["visits"]}
    if "prompted" in event:
        attributes["prompted"] = event["prompted"]
    source = {"type": "conversation", "id": "403918349", "delivered_as": "customer_initiated", "subject": "",
              "body": BODY, "author": author(event, number), "attachments": [], "url": event["path"],
              "redacted": False}
    tags = [{"type": "tag", "id": str(7000 + place), "name": name, "applied_at": 1763600000}
            for place, name in enumerate(event["tags"])]
    return {"type": "conversation", "id": f"c{number}", "created_at": 1763600000, "updated_at": 1763700001,
            "waiting_since": 1763700001, "snoozed_until": None, "source": source,
            "contacts": {"type": "contact.list", "contacts": [contact(event, number)]},
            "company": {"type": "company", "id": f"6961d897{number:06x}", "name": event["company"],
                        "size": event["size"], "plan": {"type": "plan", "id": "17", "name": event["plan"]},
                        "monthly_spend": 199.5, "session_count": 27},
            "first_contact_reply": {"created_at": 1763600001, "type": "conversation", "url": None},
            "admin_assignee_id": 991267715, "team_assignee_id": 5017691, "open": True, "state": "open", "read": False,
            "tags": {"type": "tag.list", "tags": tags}, "priority": "not_priority", "sla_applied": None,
            "statistics": {"type": "conversation_statistics", "time_to_assignment": 120, "time_to_admin_reply": 380,
                           "median_time_to_reply": 240, "count_assignments": 1, "count_conversation_parts": 4},
            "conversation_rating": None, "teammates": None, "title": None, "custom_attributes": attributes,
            "topics": {}, "ticket": None, "ai_agent": None, "ai_agent_participated": False,
            "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
            "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [part(event, number)],
                                   "total_count": 1}}


def delivery(event, number):
    """The whole body, without blanks, as services send it."""
    return json.dumps(
        {"type": "notification_event", "app_id": "abc123def",
         "data": {"type": "notification_event_data", "item": conversation(event, number)}, "links": {},
         "id": f"notif_{number:08d}-0000-4000-8000-000000000009", "topic": "conversation.user.replied",
         "delivery_status": "pending", "delivery_attempts": 1, "delivered_at": 0, "first_sent_at": 1763700002,
         "created_at": 1763700002, "self": None}, separators=(",", ":"), ensure_ascii=False)
