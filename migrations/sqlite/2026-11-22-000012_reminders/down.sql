DROP TABLE calendar_feeds;
DROP TABLE mails;
DROP TABLE reminder_settings;
