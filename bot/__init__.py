"""Tangga Digital: an assessment of digital literacy for Indonesian small businesses, by chat."""
