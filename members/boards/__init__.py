"""What a page about membership shows, ready to be written by its template."""
