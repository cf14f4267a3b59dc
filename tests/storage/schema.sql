-- day
CREATE INDEX event_person ON event (person, id);
CREATE INDEX record_name ON record (kind, name, id);
CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY REFERENCES entry, signature TEXT NOT NULL) STRICT;
CREATE TABLE entry (seq INTEGER PRIMARY KEY, event TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE envelope (
  tag BLOB PRIMARY KEY CHECK (length(tag) = 16),
  district INTEGER NOT NULL,
  sealed BLOB NOT NULL CHECK (length(sealed) = 1168),
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  person BLOB NOT NULL CHECK (length(person) = 16),
  what TEXT NOT NULL CHECK (what IN
    ('given', 'withdrawn', 'abandoned', 'struck_off', 'application', 'application_settled')),
  kind TEXT CHECK (kind IN ('home', 'remote', 'outside')),
  district INTEGER,
  at TEXT NOT NULL,
  badge TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE filled (once INTEGER PRIMARY KEY CHECK (once = 1)) STRICT;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE slot (
  id INTEGER PRIMARY KEY,
  used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
  content BLOB NOT NULL CHECK (length(content) = 1232)
) STRICT;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER entry_in_order BEFORE INSERT ON entry
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
  BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER envelope_no_delete BEFORE DELETE ON envelope BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER envelope_no_update BEFORE UPDATE ON envelope BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER filled_no_delete BEFORE DELETE ON filled BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER filled_no_update BEFORE UPDATE ON filled BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER one_ballot_each BEFORE INSERT ON event
  WHEN NEW.what = 'given' AND
    (SELECT what FROM event WHERE person = NEW.person AND what IN ('given', 'withdrawn', 'abandoned')
     ORDER BY id DESC LIMIT 1) IN ('given', 'abandoned')
  BEGIN SELECT raise(ABORT, 'already given'); END;
CREATE TRIGGER only_a_given_ballot_ends BEFORE INSERT ON event
  WHEN NEW.what IN ('withdrawn', 'abandoned') AND
    coalesce((SELECT what FROM event WHERE person = NEW.person AND what IN ('given', 'withdrawn', 'abandoned')
     ORDER BY id DESC LIMIT 1), '') <> 'given'
  BEGIN SELECT raise(ABORT, 'not given'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER slot_no_delete BEFORE DELETE ON slot BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER slot_no_more BEFORE INSERT ON slot WHEN EXISTS (SELECT 1 FROM filled)
  BEGIN SELECT raise(ABORT, 'the box is filled'); END;
CREATE TRIGGER slot_used_once BEFORE UPDATE ON slot
  WHEN OLD.used <> 0 OR NEW.used <> 1 OR NEW.id <> OLD.id
  BEGIN SELECT raise(ABORT, 'a slot is written once'); END;
-- nation
CREATE TABLE home (
             tag BLOB PRIMARY KEY CHECK (length(tag) = 16),
             station INTEGER NOT NULL, line INTEGER NOT NULL, district INTEGER NOT NULL
           ) STRICT, WITHOUT ROWID;
-- roll
CREATE UNIQUE INDEX voter_pin ON voter (pin);
CREATE VIRTUAL TABLE name_index USING fts5(
          words, content='', columnsize=0, detail=none, prefix='1 2 3 4 5', tokenize='ascii'
        );
CREATE TABLE voter (
          id INTEGER PRIMARY KEY,
          pin INTEGER NOT NULL, -- 14 digits; as a number, half the index
          surname TEXT NOT NULL, given_name TEXT NOT NULL, patronymic TEXT NOT NULL,
          birth_date TEXT NOT NULL, sex TEXT NOT NULL CHECK (sex IN ('m', 'f')),
          station INTEGER NOT NULL, line INTEGER NOT NULL,
          address TEXT NOT NULL, document TEXT NOT NULL
        ) STRICT;
CREATE TABLE word (word TEXT PRIMARY KEY, people INTEGER NOT NULL) STRICT, WITHOUT ROWID
        
        ;
