// -- what is made from other parts of the packet is made again: the journal's chain, the ballots, the NIST reports.
// kiosk/packet/nist and kiosk/journal/chain.py are the same in Python; tests/packet/test_observer_agrees.py holds the two together.

/** A moment as a station writes it, in whole seconds. Date.parse takes the 30th of February and other days that are none. */
function moment(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{6})?([+-])(\d\d):(\d\d)$/.exec(text);
  if (!found) throw new Refused("malformed_packet");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number), zone = `${found[8]}${found[9]}:${found[10]}`;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (year < 1 || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) throw new Refused("malformed_packet");
  if (Number(found[9]) > 23 || Number(found[10]) > 59 || zone === "-00:00" || found[7] === ".000000") throw new Refused("malformed_packet");
  return text.slice(0, 19) + zone;
}

/** The entries, each with its hash, if the chain is whole and the station signed its end. */
async function journalOf(bytes, manifest, stationKey) {
  const lines = decoded(bytes).split("\n"), entries = [];
  if (lines.pop() !== "") throw new Refused("malformed_packet");
  let previous = "0".repeat(64), signed = 0;
  for (const line of lines) {
    if (line.startsWith('{"checkpoint":')) {
      const { checkpoint } = read(utf8(line), { type: "object", required: ["checkpoint"], properties: { checkpoint: E.shapes.checkpoint } });
      if (checkpoint.seq !== entries.length || checkpoint.seq <= signed) return null;
      const message = utf8(`ks1 checkpoint ${manifest.definition_hash} ${manifest.station} ${checkpoint.seq} ${previous}`);
      if (!(await verifies(stationKey, unhex(checkpoint.signature), message))) return null;
      signed = checkpoint.seq;
      continue;
    }
    const entry = read(utf8(line), E.shapes.entry);
    if (entry.seq !== entries.length + 1 || entry.prev !== previous) return null;
    previous = await sha256(utf8(line));
    entries.push({ ...entry, hash: previous });
  }
  return signed === entries.length ? entries : null;
}

/** [id, choice] of every ballot; -1 is invalid, 0 against all. Null where one bears what nobody can choose. */
function ballotsOf(report, protocol) {
  const choices = new Map(protocol.votes.map((row) => [selectionName(row.number), row.number])), found = [];
  for (const record of report.CVR) {
    const marks = record.CVRSnapshot[0].CVRContest[0].CVRContestSelection;
    const choice = marks === undefined ? -1 : choices.get(marks[0].ContestSelectionId);
    if (choice === undefined) return null;
    found.push([record.UniqueId, choice]);
  }
  return found;
}
/** Ids in order, each once, and as many ballots of each choice as the protocol says were recorded. */
function ballotsFit(found, protocol) {
  if (!found.every(([id], n) => typeof id === "string" && /^[0-9a-f]{16}$/.test(id) && (n === 0 || found[n - 1][0] < id))) return false;
  if (protocol.ballot_mode !== "screen") return found.length === 0;
  const count = (choice) => found.filter(([, one]) => one === choice).length;
  return protocol.votes.every((row) => row.electronic === count(row.number)) && protocol.electronic_invalid === count(-1);
}

const selectionName = (number) => (number ? `selection-${number}` : "selection-against-all");
const device = (protocol) => `kiosk-${protocol.station}`, unit = (protocol) => `station-${protocol.station}`;
const contestOf = (prefix, { heading }) => ({
  "@id": "contest", "@type": `${prefix}.CandidateContest`, Name: heading.district_ru, NumberElected: heading.seats, VotesAllowed: 1,
  VoteVariation: "other", OtherVoteVariation: "plurality, at most two of one sex",
});
const inBoth = (ky, ru) => ({
  "@type": "ElectionResults.InternationalizedText",
  Text: [["ky", ky], ["ru", ru]].map(([Language, Content]) => ({ "@type": "ElectionResults.LanguageString", Language, Content })),
});

/** NIST SP 1500-100 v2. */
function resultsReport(protocol, manifest) {
  const ER = "ElectionResults.", { heading } = protocol, real = protocol.purpose === "official", scope = `district-${protocol.district}`;
  const lines = Object.fromEntries(protocol.lines.map((line) => [line.id, line.value]));
  const counts = (Type, Count, kind) => ({ "@type": `${ER}VoteCounts`, GpUnitId: unit(protocol), Type, Count, DeviceClass: { "@type": `${ER}DeviceClass`, Type: kind } });
  const selection = (row) => ({
    "@id": selectionName(row.number),
    ...(row.number
      ? { "@type": `${ER}CandidateSelection`, CandidateIds: [`candidate-${row.number}`] }
      : { "@type": `${ER}BallotMeasureSelection`, Selection: inBoth(row.name_ky, row.name_ru) }),
    SequenceOrder: row.number || protocol.votes.length,
    VoteCounts: [counts("total", row.legal, "manual-count"), ...(row.electronic === null ? [] : [{ ...counts("other", row.electronic, "dre"), OtherType: "electronic" }])],
  });
  return {
    "@type": `${ER}ElectionReport`, Format: "precinct-level", GeneratedDate: moment(manifest.created), Issuer: "Central Election Commission",
    IssuerAbbreviation: "CEC", SequenceStart: 1, SequenceEnd: 1, Status: "unofficial-partial", VendorApplicationId: manifest.software,
    IsTest: !real, ...(real ? {} : { TestType: protocol.purpose }),
    GpUnit: [
      { "@id": unit(protocol), "@type": `${ER}ReportingUnit`, Type: "precinct", Number: String(protocol.station), Name: inBoth(heading.address_ky, heading.address_ru),
        VotersRegistered: lines.roll, VotersParticipated: lines.given_inside + lines.given_outside },
      { "@id": scope, "@type": `${ER}ReportingUnit`, Type: "other", OtherType: "electoral-district", Number: String(protocol.district), Name: inBoth(heading.district_ky, heading.district_ru) },
    ],
    Election: [{
      "@type": `${ER}Election`, ElectionScopeId: scope, Name: inBoth(heading.election_ky, heading.election_ru), Type: "special",
      StartDate: heading.voting_day, EndDate: heading.voting_day,
      Candidate: protocol.votes.slice(0, -1).map((row) => ({ "@id": `candidate-${row.number}`, "@type": `${ER}Candidate`, BallotName: inBoth(row.name_ky, row.name_ru) })),
      Contest: [{ ...contestOf("ElectionResults", protocol), ElectionDistrictId: scope, ContestSelection: protocol.votes.map(selection) }],
    }],
  };
}

/** NIST SP 1500-103. */
function ballotsReport(found, protocol, manifest) {
  const candidates = protocol.votes.slice(0, -1), against = protocol.votes[protocol.votes.length - 1];
  const marks = (choice) => (choice === -1
    ? { Overvotes: 0, Undervotes: 1, Status: ["invalidated-rules"] }
    : { CVRContestSelection: [{ "@type": "CVR.CVRContestSelection", ContestSelectionId: selectionName(choice),
        SelectionPosition: [{ "@type": "CVR.SelectionPosition", HasIndication: "yes", NumberVotes: 1 }] }] });
  return {
    "@type": "CVR.CastVoteRecordReport", Version: "1.0.0", GeneratedDate: moment(manifest.created), ReportType: ["originating-device-export"],
    ReportGeneratingDeviceIds: [device(protocol)],
    ReportingDevice: [{ "@id": device(protocol), "@type": "CVR.ReportingDevice", Application: manifest.software, Model: "kiosk" }],
    GpUnit: [{ "@id": unit(protocol), "@type": "CVR.GpUnit", Type: "precinct", Name: String(protocol.station) }],
    Election: [{
      "@id": "election", "@type": "CVR.Election", Name: protocol.heading.election_ru, ElectionScopeId: unit(protocol),
      Candidate: candidates.map((row) => ({ "@id": `candidate-${row.number}`, "@type": "CVR.Candidate", Name: row.name_ru })),
      Contest: [{ ...contestOf("CVR", protocol), ContestSelection: [
        ...candidates.map((row) => ({ "@id": selectionName(row.number), "@type": "CVR.CandidateSelection", CandidateIds: [`candidate-${row.number}`] })),
        { "@id": selectionName(0), "@type": "CVR.BallotMeasureSelection", Selection: against.name_ru },
      ] }],
    }],
    CVR: found.map(([id, choice]) => ({
      "@type": "CVR.CVR", BallotStyleUnitId: unit(protocol), CreatingDeviceId: device(protocol), CurrentSnapshotId: `snapshot-${id}`, ElectionId: "election", UniqueId: id,
      CVRSnapshot: [{ "@id": `snapshot-${id}`, "@type": "CVR.CVRSnapshot", Type: "original", CVRContest: [{ "@type": "CVR.CVRContest", ContestId: "contest", ...marks(choice) }] }],
    })),
  };
}

/** NIST SP 1500-101. */
function journalReport(entries, protocol, manifest) {
  const event = (entry) => {
    const [sentence, disposition, severity] = E.events[entry.event];
    const told = sentence.replace(/\{(\w+)\}/g, (_, name) => { if (!Object.hasOwn(entry.fields, name)) throw new Refused("malformed_packet"); return String(entry.fields[name]); });
    return { "@type": "EventLogging.Event", Description: told, Disposition: disposition, Hash: entry.hash, Id: entry.event, Sequence: String(entry.seq), Severity: severity,
      TimeStamp: moment(entry.at), Type: entry.event, ...(entry.badge === "" ? {} : { UserId: entry.badge }) };
  };
  return {
    "@type": "EventLogging.ElectionEventLog", ElectionId: protocol.election, GeneratedTime: moment(manifest.created),
    Device: [{ "@type": "EventLogging.Device", Id: device(protocol), Type: "dre", Model: "kiosk", Version: manifest.software, HashType: "sha-256", Event: entries.map(event) }],
  };
}
