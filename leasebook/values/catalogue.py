"""
The catalogue of error codes: what each means and what to do, as `leasebook rule LB0107` prints it.
"""

from leasebook.values.catalogue_portfolio import PORTFOLIO
from leasebook.values.code import Code

_PROGRAM = (
    Code("LB0001", "An error of leasebook itself",
         "Something happened that the program does not expect; the input may be in order.",
         "Report it with the command line and what LEASEBOOK_TRACEBACK=1 adds.", 70),
    Code("LB0002", "A wrong command line",
         "The command, an option or an argument is not one that exists.",
         "Read the help of the command.", 2),
    Code("LB0003", "A file or a disk",
         "The operating system refused to read or to write a file.",
         "Check the name, the rights and the room on the disk.", 3),
    Code("LB0004", "A schedule that does not close",
         "The last period corrects more than rounding explains, so the numbers are not to be used.",
         "Report it with the deal; nothing in a file should lead to it.", 4),
    Code("LB0005", "A rate that does not exist",
         "No rate from 0 to 100 % a period makes the payments worth the amount that is given: an "
         "implicit rate, a yield, or the rate of a financing.",
         "Check payments, fair value and income against each other.", 1),
    Code("LB0007", "A figure that is needed and not known",
         "A schedule cannot be measured without a figure that the deal says is unknown; unknown is "
         "never taken as zero.",
         "Give the figure with a source, or as an assumption with its reason.", 1),
    Code("LB0006", "Terms that are not measured",
         "The terms are in order, and together they are a case that no measurement covers yet.",
         "Take another basis, or leave out the term that the message names.", 1),
    Code("LB0008", "A day without an exchange rate",
         "A lease in another currency is translated on every day of payment, at the end of each "
         "month and period, and at the end of the fiscal year; a rate stands for at most seven "
         "days after its own, or as long as it says.",
         "Add [[exchange_rates]] for the days that the message names, or until to a rate."),
)  # fmt: skip

_STRUCTURE = (
    Code("LB0101", "The file is no TOML",
         "The text breaks the grammar of TOML at the place shown; nothing after it was read.",
         "Correct this place and run again; the rest of the file is checked then."),
    Code("LB0102", "An unknown key",
         "The table has no such key. Nothing is ignored silently.",
         "Correct the spelling, or remove the key."),
    Code("LB0103", "A missing key",
         "The table lacks a key that it must have.",
         'Add the key. A figure that is not public is written { unknown = "not public" }.'),
    Code("LB0104", "A value of the wrong sort",
         "Text stands where a date is wanted, a number where text is wanted, and so on. Nothing "
         "is converted silently.",
         "Write amounts and rates in quotes, dates and counts without."),
    Code("LB0105", "A word that may not stand here",
         "The key takes one of a few words, and this is none of them.",
         "Choose one of the words that the message names."),
    Code("LB0106", "Neither a value nor unknown, or both",
         "A figure has a value, or says in `unknown` why it has none.",
         "Write one of the two."),
    Code("LB0107", "A range that is none",
         "A range has a low and a high end of the same sort, and the value lies within it.",
         "Write range = [low, high] around the value."),
    Code("LB0108", "A figure without a source",
         "Every figure is a fact with a source, or an assumption with a reason.",
         "Write source or assumption on the figure or on a table around it."),
    Code("LB0109", "A key that stands twice",
         "The same key or table stands twice in one file.",
         "Remove one, or give it another name."),
    Code("LB0110", "An id that stands twice",
         "Two tables have the same id, or ids that differ only in upper and lower case.",
         "Give one of them another id."),
    Code("LB0111", "An id that is none",
         "An id has letters a-z, digits, - and _ only, begins with a letter or digit, has at "
         "most 64 characters, and is no name that an operating system keeps for itself.",
         "Give it a plain id; names for people go into name or title."),
    Code("LB0112", "No deal",
         "The file is empty or has comments only.",
         "Start with `leasebook new`."),
)  # fmt: skip

_VALUES = (
    Code("LB0201", "Text that is no number",
         "Amounts, rates and shares are plain digits with a point, in quotes; underscores may "
         "separate digits. Commas, blanks, currency signs and exponents are refused, since they "
         "are read differently in different countries.",
         'Write "1_234.50"; rates and shares also "5.5%".'),
    Code("LB0202", "An amount beyond the limit",
         "Amounts are at most 2^50 minor units, 11 trillion at two decimals: below it all sums "
         "are exact.",
         "Check the unit of the amount."),
    Code("LB0203", "More decimals than there are",
         "The currency has fewer decimals, or a rate has more than twelve.",
         "Round the figure, and say so in its source."),
    Code("LB0204", "A year outside 1900 to 2999",
         "Dates are from 1900-01-01 to 2999-12-31.",
         "Write the year with four digits."),
    Code("LB0205", "Text that is no duration",
         "Durations are whole months or years.",
         'Write "4 years", "6 months", "month", "quarter", "half-year" or "year".'),
    Code("LB0206", "A time beyond the limit",
         "A duration, or a lease with all its options, is at most 12,000 months and ends by 2999.",
         "Check the duration."),
    Code("LB0207", "An unknown currency",
         "The code is none of the currencies that are known, in capital letters.",
         'Write an ISO 4217 code such as "USD".'),
    Code("LB0208", "A character that cannot be seen",
         "Control characters and marks that reorder text are refused: what is read must be what "
         "is seen.",
         "Delete the character."),
    Code("LB0209", "Text that is too long",
         "Names have at most 256 characters, other texts at most 4,096.",
         "Shorten it."),
    Code("LB0210", "A rate outside its bounds",
         "A rate is above -99 % and at most 1,000 %.",
         "Check the rate."),
    Code("LB0211", "A rate above 100 %",
         'A rate of "5" is 500 %; most often 5 % is meant.',
         'Write "5%" or "0.05".'),
    Code("LB0212", "A share outside 0 to 1",
         "A share is a fraction of one, and more than nothing.",
         'Write "20%" or "0.20".'),
    Code("LB0213", "An amount below zero",
         "Amounts in contracts are not negative: who pays follows from the kind of contract.",
         "Write the amount without a sign, in the contract of the right direction."),
    Code("LB0214", "A fiscal year end that is no day",
         "The fiscal year ends on a day of the year.",
         'Write month and day, such as "12-31".'),
    Code("LB0215", "A count outside its bounds",
         "An option can be exercised 1 to 1,000 times; a divisor is above zero.",
         "Check the count."),
    Code("LB0216", "An outcome that cannot be read",
         "An assumed outcome names a decision, its subject and the outcome.",
         'Write "decision(subject)=outcome".'),
)  # fmt: skip

_REFERENCES = (
    Code("LB0301", "A reference to nothing",
         "No entity, asset, contract, scenario or source has this id.",
         "Correct the id, or add what it names."),
    Code("LB0302", "A contract with oneself",
         "Both sides of a contract are the same entity; inside one entity there is no contract.",
         "Name the other party."),
    Code("LB0303", "A filed file outside the folder",
         "The file of an entity's filed statements lies beside the deal or below it.",
         "Write a path relative to the deal, without ..."),
    Code("LB0304", "Filed statements of somebody else",
         "The file says that it is of another entity, or of another framework, than the entity "
         "that names it.",
         "Correct one of the two."),
    Code("LB0305", "An interest of others",
         "A contribution or distribution names an equity interest that is not between its two "
         "parties.",
         "Name the interest of the party in the entity."),
    Code("LB0306", "A name that no rule reads",
         "A fact, a table or a column of a table is not declared in the dictionary of facts.",
         "Take the declared name; `leasebook rule` shows what each rule reads."),
    Code("LB0307", "An outcome that no decision has",
         "An assertion or an assumption names a decision that does not exist, or an outcome that "
         "the decision never concludes.",
         "Take one of the decision's outcomes."),
    Code("LB0309", "A filed line that no statement has",
         "A filed line, or the account of a rest, is not in the statement or total it is put in.",
         "Take a name of docs/reference/statements.md."),
    Code("LB0310", "A line that is filed twice",
         "One line of a filed statement is given two amounts.",
         "Keep one of them."),
    Code("LB0311", "Filed figures that do not fit together",
         "A total is missing, the figures contradict each other, or their day ends no fiscal year, "
         "so that no opening entry can be made from them.",
         "Correct the filed file; the message names the line."),
    Code("LB0312", "Interests that go round in a circle",
         "An entity holds, through others, an interest in itself, so that no result comes first.",
         "Leave out one of the interests."),
    Code("LB0313", "An asset that is not there to be sold",
         "An asset is sold by its first owner, and passes on once, by a sale or a contribution.",
         "Correct the seller or the asset's owner, or leave out one of the transfers."),
    Code("LB0314", "A sublease that does not fit its head lease",
         "A sublease is granted by the lessee of its head lease, and commences within it.",
         "Correct the lessor or the dates, or leave out head_lease."),
    Code("LB0308", "A value that a fact does not take",
         "A stated fact has a value of another sort than its declaration says.",
         "Write a value of the sort that the message names."),
)  # fmt: skip

_MEANING = (
    Code("LB0401", "A rent that is not one amount",
         "Rent is either an amount for each period, or a total over a time.",
         "Write amount, or total and over."),
    Code("LB0402", "A total without its time",
         "A total of rent, and nothing else, is spread over a time.",
         "Write over beside total."),
    Code("LB0403", "Not one way of paying",
         "A contribution has an amount on a date or is called over months; a distribution has an "
         "amount on a date or passes rent on.",
         "Write exactly one of them."),
    Code("LB0404", "Dates out of order",
         "One of two dates comes before the other, and does not.",
         "Correct one of the two."),
    Code("LB0405", "A day that is no coupon date",
         "Maturity and the end of interest-only time are coupon dates, counted from the first.",
         "Write a coupon date."),
    Code("LB0406", "An event on no day for it",
         "Rent changes where a rent period begins; an option is exercised, or left, where the term "
         "before it ends.",
         "Write one of the days."),
    Code("LB0407", "An event before commencement",
         "Nothing happens to a lease before it commences.",
         "Correct the date."),
    Code("LB0408", "Two events on one day",
         "In one scenario a contract has one event a day, since their order would matter.",
         "Merge them, or move one."),
    Code("LB0409", "Interests above the whole",
         "The interests in one entity add up to more than 100 %.",
         "Correct the shares."),
    Code("LB0410", "A perimeter with a hole",
         "A basis consolidates a company but not a company that it holds by more than half.",
         "Consolidate the subsidiary too, or neither."),
    Code("LB0411", "Times that do not fit the periods",
         "The term of a lease, of its options and the time of a total are whole rent periods.",
         "Choose a period that divides them."),
    Code("LB0412", "An event without its figure",
         "Each kind of event needs figures of its own, as a change of rent says the new rent, and "
         "has none of another kind.",
         "Write what the kind needs, and nothing else."),
    Code("LB0413", "A fact that is stated twice",
         "Two tables state the same fact about the same subject by the same person.",
         "Keep one; what differs by reading is a range."),
    Code("LB0414", "An event after the end",
         "The scenario has already left the option, or skipped one before it; or the lease is "
         "over, whichever of its options are used.",
         "Correct the order or the days of the events."),
    Code("LB0415", "A time or an amount of nothing",
         "The figure is zero and the contract needs more than that.",
         "Write the figure, or unknown."),
    Code("LB0416", "A rent on no day of the lease",
         "A rent that is listed by its day falls due in the term, its options included; wherever a "
         "renewal can begin, some rents follow.",
         "Correct the day, or add what is left out."),
    Code("LB0417", "A rate that does not count days",
         "Rents on days of their own are discounted by the days between them; a nominal rate, or "
         "a rate per period, says nothing of days.",
         "State the effective annual rate."),
    Code("LB0418", "A change that dated rents do not allow",
         "A change of such a lease falls on a day on which a period begins, and what it lists runs "
         "to a day on which the term can end; a period of them is no measure of time.",
         "Write one of the days, or one amount for each period that is left."),
    Code("LB0430", "An amount that is not said in one way",
         "A loss has a rate, a probability with a loss given default, or an amount observed; what "
         "goods cost is a carrying amount, a mark-up or a margin; a guarantee is worth what is "
         "stated, or what the rates with and without it say.",
         "Write exactly one of them."),
    Code("LB0431", "Components that cannot share the rent",
         "Components have names of their own, one of them is a lease, and the leases have a price.",
         "Name each component after what it gives, with the price it would have alone."),
    Code("LB0440", "An exchange rate that cannot be used",
         "A rate is of another currency than the deal's, known, above zero, and the only one of "
         "its day; it stands until a later day; an average is of the time since the rate before.",
         "Correct the rate: units of the deal's currency for one of the other."),
    Code("LB0441", "A lease without an exchange rate when it commences",
         "Liability, asset and the tests of classification are translated at the closing rate of "
         "the commencement date, or one of at most seven days before it.",
         "Add the rate, or say with until how long an earlier one stands."),
    Code("LB0442", "A lease in another currency that does not stand alone",
         "Subleases, leasebacks, leases that are handed over, and those with a guarantee or an "
         "estimate of losses in a contract of its own are measured in the deal's currency only.",
         "Leave one of the two out."),
    Code("LB0450", "A discount rate that is none of those beside it",
         "The rate that a lessee applies is the implicit rate, its incremental borrowing rate or a "
         "risk-free rate; where these are stated, it is one of them.",
         "Correct the rate, or leave discount_rate out and let the rules say which is taken."),
    Code("LB0451", "A risk-free rate of a public business entity",
         "Only a lessee that is no public business entity may discount leases at a risk-free rate, "
         "by class of asset.",
         "Remove risk_free_rate_for, or say that the entity is no public business entity."),
    Code("LB0457", "A maximum that cannot fall as it is said to",
         "The most that a guarantee can come to falls with the rents of leases that it covers, or "
         "from a principal.",
         "Name the leases, or write the principal."),
    Code("LB0458", "A guarantee of somebody else's lease",
         "A guarantee of rents is for its debtor, who is the lessee of every lease that it covers.",
         "Name the lessee as the debtor, or another lease."),
    Code("LB0459", "A lease that is taken over by nobody new",
         "Whoever takes over a lease was no party to it, and takes it over once in a scenario.",
         "Name another party, or keep one of the events."),
    Code("LB0460", "A note that is said in two ways, or in none",
         "A note has a principal or lists its draws, repays level after a time or as listed, and "
         "has at most one of a price and an effective rate.",
         "Write exactly one of the two."),
    Code("LB0461", "A day that a note does not have",
         "The first draw is on the day of issue; draws, repayments and resets follow each other "
         "and end by maturity; a coupon is set anew on a coupon date.",
         "Correct the day."),
    Code("LB0462", "More than was drawn, or than was promised",
         "By that day more is repaid than has been drawn, or more is drawn than the commitment.",
         "Correct the amount, or add the draw."),
    Code("LB0463", "A price that is none of one",
         "The issue price is what the holder pays for one of principal: above nothing, and at most "
         "twice as much.",
         "Write it in parts of the principal."),
    Code("LB0464", "Rent that is deferred to no day of the lease",
         "Rent is deferred for whole periods of a lease with steps, paid after them over whole "
         "periods, and all of it before the lease, with its options, is over.",
         "Correct the times."),
)  # fmt: skip

_FILES = (
    Code("LB0501", "No such file",
         "There is nothing at this path.",
         "Check the name.", 3),
    Code("LB0502", "A file that cannot be read",
         "The operating system refuses to read it.",
         "Check the rights, and links that lead round in a circle.", 3),
    Code("LB0503", "Neither a file nor a folder",
         "Pipes, sockets and devices are not read.",
         "Write it to a file first.", 3),
    Code("LB0504", "A folder without a deal",
         "The folder has no .toml file at its top, or more than a hundred.",
         "Name the folder of one deal.", 3),
    Code("LB0505", "A file that is too big",
         "A file has at most 8 MiB, and at most 20,000 values.",
         "Divide the deal over several files."),
    Code("LB0506", "A line that is too long",
         "A line has at most 64 KiB.",
         "Break the list or the text over lines."),
    Code("LB0507", "Nesting that is too deep",
         "Brackets and braces nest at most 32 deep.",
         "Write tables with headers."),
    Code("LB0508", "A key with too many parts",
         "A dotted key has at most 16 parts.",
         "Write tables with headers."),
    Code("LB0509", "A file that is not UTF-8",
         "The bytes are text in another encoding, or no text.",
         "Save the file as UTF-8."),
    Code("LB0510", "A file with a NUL",
         "The file holds a NUL byte, which text does not.",
         "Save the file again as text."),
    Code("LB0511", "A whole number that is too long",
         "A whole number has more digits than any count needs.",
         "Check the number; amounts are written in quotes."),
)  # fmt: skip

_TABLES = (
    Code("LB0601", "The file is no JSON",
         "The text breaks the grammar of JSON at the place shown; NaN and Infinity are none of its "
         "numbers. Nothing after it was read.",
         "Correct this place and run again; the rest of the file is checked then."),
    Code("LB0602", "A record without a key",
         "Every record of a published table says its type; a table of maturities also company, "
         "day, kind, currency, unit and maturities.",
         "Add the key; a figure that was not published is null."),
    Code("LB0603", "A value that a record does not take",
         "Amounts, terms and rates are numbers that are not negative, a rate is a fraction of one "
         "(0.043 is 4.3 %), a day is written 2025-12-31, a year 2026, "
         '"2025 Q4" or "2025 rest".',
         "Write the value in that form; a figure that was not published is null."),
)  # fmt: skip

_SCENARIOS = (
    Code("LB0701", "A scenario that does not know",
         "A scenario says what is assumed to happen; a figure in it cannot be unknown.",
         "Write what is assumed, with its reason."),
    Code("LB0702", "A part of a scenario without what it needs",
         "A new tenancy needs a tenant that stopped, a sale and a test for impairment need a "
         "value, a residual value guarantee that is called needs a value and one reading; a "
         "tenant that leaves leaves no estate, and unlimited means need no cash.",
         "Add what the message names, or leave the part out."),
    Code("LB0470", "Assets of different owners tested together",
         "Assets that bring their cash flows together are written down together; what one owner "
         "carries is no part of another's test.",
         "Test each owner's assets by themselves."),
)  # fmt: skip

_SEVERAL_DEALS = (
    Code("LB0465", "Two deals that contradict each other",
         "A debt, a lease, a guarantee or a filed debt stands in two deals with different amounts, "
         "so that nobody can say which is to be added up. Contracts are the same where their ids "
         "and both parties (id and name) are.",
         "Leave one of the deals out, or give the contract or the company another id."),
    Code("LB0466", "A method of adjusting debt that cannot be computed",
         "A method names parameters that exist, each a known part between nothing and the whole (a "
         "multiple of rent up to 20), and counts operating leases in one way only.",
         "Correct the parameter that the message names; those of rules/credit are examples."),
)  # fmt: skip

#: Every error code, in order.
CODES: dict[str, Code] = {
    code.code: code
    for group in (
        _PROGRAM,
        _STRUCTURE,
        _VALUES,
        _REFERENCES,
        _MEANING,
        _SEVERAL_DEALS,
        _FILES,
        _TABLES,
        PORTFOLIO,
        _SCENARIOS,
    )
    for code in group
}
