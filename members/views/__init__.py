"""Pages of people, one module for each subject. Sign-up and login are allauth's own views."""
