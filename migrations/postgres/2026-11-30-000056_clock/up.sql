-- Until when the clock of the machine is believed: an event that it puts later is refused. Moved on while the service runs,
-- so that a clock that has jumped far ahead writes nothing. Nothing here: nobody has said so yet, and any time is believed.
ALTER TABLE register ADD COLUMN trusted_until TIMESTAMPTZ;
