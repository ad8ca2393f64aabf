"""Tables people keep: Excel, OpenDocument and text files, read and judged against the registers of the catalogue."""
