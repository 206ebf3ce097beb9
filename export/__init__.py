"""Tables as files that officials open: .xlsx, .csv, .docx."""
