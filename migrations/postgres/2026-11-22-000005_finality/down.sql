DROP TRIGGER heads_final ON heads;
DROP TRIGGER openings_final ON openings;
