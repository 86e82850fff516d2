"""What brings bytes by itself (MQTT, pollers, folders); HTTP comes through `dashboard/api.py`."""
