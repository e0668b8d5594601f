DROP TRIGGER heads_final ON heads;
