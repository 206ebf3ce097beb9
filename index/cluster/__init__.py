"""The engine of more than one machine: clauses searched by Milvus. Imported only where `KEHOACH_ENGINE` names it."""
