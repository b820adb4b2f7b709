"""The venue's word: reports, links, questions, snapshots, and what is settled by a person."""
